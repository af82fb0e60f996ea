#include "server/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "candled/flow/clock.hpp"
#include "server/asset.hpp"
#include "server/json.hpp"
#include "server/market_lookup.hpp"

namespace candled::server {
namespace {

using Names = std::string_view;
constexpr std::array<Names, 0> none{};
constexpr std::array<Names, 1> of_market{"market"};
constexpr std::array<Names, 1> of_symbol{"limit"};
constexpr std::array<Names, 1> of_stream{"after"};
constexpr std::array<Names, 4> of_models{"from", "to", "limit", "cursor"};
constexpr std::array<Names, 5> of_rows{"market", "from", "to", "limit", "cursor"};
constexpr std::array<Names, 6> of_fills{"market", "strategy", "from", "to", "limit", "cursor"};
constexpr std::array<Names, 7> of_series{"market", "interval", "points", "from", "to", "limit", "cursor"};
constexpr std::array<Names, 8> of_equity{"market", "strategy", "interval", "points", "from", "to", "limit", "cursor"};

}  // namespace

std::span<const Routes::Route> Routes::table() {
  constexpr Method get = Method::get, post = Method::post;
  static constexpr std::array routes{
      Route{get, "/", "", false, &Routes::page, none},
      Route{get, "/health", "", false, &Routes::health, none},
      Route{get, "/metrics", "", false, &Routes::metrics, none},
      Route{get, "/predictions/", "", true, &Routes::symbol_predictions, of_symbol},
      Route{get, "/api/v1/status", "", false, &Routes::status, none},
      Route{get, "/api/v1/config", "", false, &Routes::config, none},
      Route{get, "/api/v1/markets", "", false, &Routes::markets, none},
      Route{get, "/api/v1/candles", "", false, &Routes::candles, of_series},
      Route{get, "/api/v1/indicators", "", false, &Routes::indicators, of_market},
      Route{get, "/api/v1/indicators/", "", true, &Routes::indicator_values, of_series},
      Route{get, "/api/v1/trades", "", false, &Routes::trades, of_rows},
      Route{get, "/api/v1/predictions", "", false, &Routes::predictions, of_rows},
      Route{get, "/api/v1/strategies", "", false, &Routes::strategies, none},
      Route{get, "/api/v1/equity", "", false, &Routes::equity, of_equity},
      Route{get, "/api/v1/fills", "", false, &Routes::fills, of_fills},
      Route{get, "/api/v1/gaps", "", false, &Routes::gaps, of_rows},
      Route{get, "/api/v1/models", "", false, &Routes::models, of_models},
      Route{get, "/api/v1/models/", "", true, &Routes::model_card, none},
      Route{get, "/api/v1/backtests", "", false, &Routes::backtests, of_symbol},
      Route{get, "/api/v1/backtests/", "/page", true, &Routes::backtest_page, none},
      Route{get, "/api/v1/backtests/", "", true, &Routes::backtest, none},
      Route{get, "/api/v1/stream", "", false, &Routes::stream, of_stream},
      Route{post, "/api/v1/models/", "/promote", true, &Routes::promote, none},
      Route{post, "/api/v1/rollback", "", false, &Routes::rollback, none},
      Route{post, "/api/v1/pause", "", false, &Routes::pause, none},
      Route{post, "/api/v1/resume", "", false, &Routes::resume, none},
  };
  return routes;
}

Routes::Routes(const ServerSettings& settings, const ServerSources& sources, const HttpStatistics& http,
               store::ViewReader& journal, const JournalWatch& watch)
    : settings_(settings),
      sources_(sources),
      http_(http),
      journal_(journal),
      watch_(watch),
      started_(flow::wall_now()) {}

Response Routes::answer(const Request& request) {
  Result<Target> target = parse_target(request.target);
  if (!target) return bad_request(target.error());
  const std::string path = target->path;
  std::string allowed;
  for (const Route& route : table()) {
    if (!path.starts_with(route.prefix) || !path.ends_with(route.suffix)) continue;
    const std::size_t around = route.prefix.size() + route.suffix.size();
    if (path.size() < around || (!route.has_argument && path.size() != around)) continue;
    if (route.method != request.method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method == Method::post ? "POST" : "GET, HEAD");
      continue;
    }
    if (const Result<void> known = check_parameters(*target, route.parameters); !known)
      return bad_request(known.error());
    const Call call{request, *std::move(target), path.substr(route.prefix.size(), path.size() - around)};
    return (this->*route.handler)(call);
  }
  const bool is_asset = find_asset(std::string_view(path).substr(1)) != nullptr;
  if (is_asset && request.method == Method::get) return asset(request, std::string_view(path).substr(1));
  if (is_asset) allowed = "GET, HEAD";
  if (allowed.empty()) return error_response(404, "no such path; /openapi.json describes all there are");
  Response response = error_response(405, "this path knows " + allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::expected<Market, Response> Routes::one_market(const Target& target) const {
  const MarketTable& all = settings_.markets;
  const std::string* text = target.parameter("market");
  if (text == nullptr) {
    if (all.size() == 1) return all.front();
    return std::unexpected(error_response(400, "there are several markets: name one with market="));
  }
  const std::expected<std::string, Response> name = find_market(all, *text);
  if (!name) return std::unexpected(name.error());
  return *std::ranges::find_if(all, [&](const Market& market) { return market.name() == *name; });
}

Response bad_request(const Error& error) { return error_response(400, error.message); }

Response journal_error(const Error& error) {
  switch (error.remedy) {
    case Remedy::refuse: return error_response(400, error.message);
    case Remedy::retry: return error_response(503, error.message);
    default: return error_response(500, error.message);
  }
}

Response rows_response(std::string_view name, const store::ViewRows& rows) {
  return {200, json_body([&](JsonWriter& json) {
            write_rows(json.key(name), rows);
            json.member_or_null("next", rows.next);
          })};
}

}  // namespace candled::server
