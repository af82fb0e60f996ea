#include "server/routes.hpp"

#include <fmt/format.h>

#include <array>

#include "server/json.hpp"
#include "server/market_lookup.hpp"
#include "server/metrics_text.hpp"

namespace candled::server {
namespace {

constexpr std::string_view predictions_prefix = "/predictions/";
constexpr std::string_view api_prefix = "/api/v1/";

constexpr std::array view_names{
    std::pair{std::string_view("trades"), store::View::trades},
    std::pair{std::string_view("candles"), store::View::candles},
    std::pair{std::string_view("predictions"), store::View::predictions},
    std::pair{std::string_view("fills"), store::View::fills},
    std::pair{std::string_view("equity"), store::View::equity},
    std::pair{std::string_view("models"), store::View::models},
    std::pair{std::string_view("gaps"), store::View::gaps},
};

Response bad_request(const Error& error) { return error_response(400, error.message); }

// The journal could not be read: soon again, or not at all.
Response journal_error(const Error& error) {
  return error_response(error.remedy == Remedy::retry ? 503 : 500, error.message);
}

Response no_such_path() {
  std::string paths = R"("/health","/metrics","/predictions/{symbol}","/api/v1/status")";
  for (const auto& [name, view] : view_names) paths += fmt::format(",\"{}{}\"", api_prefix, name);
  return {404, fmt::format("{{\"error\":\"no such path\",\"paths\":[{}]}}\n", paths)};
}

Result<void> check_view_parameters(const Target& target, store::View view) {
  switch (view) {
    case store::View::models: return check_parameters(target, {"limit"});
    case store::View::fills:
    case store::View::equity: return check_parameters(target, {"market", "strategy", "limit"});
    default: return check_parameters(target, {"market", "limit"});
  }
}

std::string feed_json(const FeedHealth& feed) {
  std::string out;
  for (const MarketFeed& market : feed.markets) {
    out += fmt::format("{}{{\"market\":{},\"state\":{}}}", out.empty() ? "" : ",", json_text(market.market),
                       json_text(market.state));
  }
  return "[" + out + "]";
}

std::string feed_state(const FeedHealth& feed, std::string_view market) {
  for (const MarketFeed& one : feed.markets) {
    if (one.market == market) return json_text(one.state);
  }
  return "null";
}

std::string market_json(const store::MarketSummary& m, const store::ViewRows& last_candle, const FeedHealth& feed) {
  const std::string candle = last_candle.count() > 0 ? "{" + json_members(last_candle, 0) + "}" : "null";
  return fmt::format(
      "{{\"market\":{},\"interval\":{},\"feed\":{},\"first_trade_id\":{},\"last_trade_id\":{},\"last_trade_time\":{},"
      "\"first_candle_open_time\":{},\"last_candle\":{},\"fills\":{},\"open_gaps\":{}}}",
      json_text(m.market), json_text(to_text(m.interval)), feed_state(feed, m.market), json_number(m.first_trade_id),
      json_number(m.last_trade_id), json_time(m.last_trade_time), json_time(m.first_candle), candle, m.fills,
      m.open_gaps);
}

std::vector<Metric> http_metrics(const HttpStatistics& http) {
  Metric responses{"candled_http_responses_total", "Answers given, by status", MetricKind::counter, {}};
  for (const auto& [status, count] : http.responses) {
    responses.samples.push_back({{{"code", fmt::format("{}", status)}}, static_cast<double>(count), {}});
  }
  return {std::move(responses),
          gauge_metric("candled_http_connections", "Open connections", static_cast<double>(http.connections)),
          counter_metric("candled_http_refused_connections_total", "Connections closed because there were too many",
                         http.refused_connections)};
}

}  // namespace

Routes::Routes(const MarketTable& markets, const ServerSources& sources, const HttpStatistics& http,
               store::ViewReader& journal)
    : markets_(markets), sources_(sources), http_(http), journal_(journal) {}

Response Routes::answer(const Request& request) {
  const Result<Target> target = parse_target(request.target);
  return target ? dispatch(*target) : bad_request(target.error());
}

Response Routes::dispatch(const Target& target) {
  const std::string_view path = target.path;
  if (path.starts_with(predictions_prefix)) return newest_prediction(target, path.substr(predictions_prefix.size()));
  for (const auto& [name, what] : view_names) {
    if (path.starts_with(api_prefix) && path.substr(api_prefix.size()) == name) return view(target, name, what);
  }
  const bool plain = path == "/health" || path == "/metrics" || path == "/api/v1/status";
  if (!plain) return no_such_path();
  if (const Result<void> known = check_parameters(target, {}); !known) return bad_request(known.error());
  return path == "/health" ? health() : path == "/metrics" ? metrics() : status();
}

Response Routes::health() {
  const FeedHealth feed = sources_.feed();
  const Result<store::LastCommit> last = journal_.last_commit();
  const std::string problem = !last ? last.error().message : feed.ok ? "" : feed.problem;
  const bool ok = last && feed.ok;
  return {ok ? 200u : 503u,
          fmt::format("{{\"status\":{},\"problem\":{},\"last_sequence\":{},\"last_commit\":{},\"feed\":{}}}\n",
                      ok ? "\"ok\"" : "\"unhealthy\"", ok ? "null" : json_text(problem),
                      json_number(last ? std::optional(last->sequence) : std::nullopt),
                      json_time(last ? last->written : std::nullopt), feed_json(feed))};
}

Response Routes::metrics() const {
  std::vector<Metric> all = sources_.metrics();
  for (Metric& metric : http_metrics(http_)) all.push_back(std::move(metric));
  return {200, metrics_text(all), metrics_content_type};
}

Response Routes::status() {
  const Result<store::JournalSummary> summary = journal_.summary();
  if (!summary) return journal_error(summary.error());
  const Result<store::LastCommit> last = journal_.last_commit();
  if (!last) return journal_error(last.error());
  const FeedHealth feed = sources_.feed();
  std::string list;
  for (const store::MarketSummary& market : summary->markets) {
    const Result<store::ViewRows> candle = journal_.rows(store::View::candles, {market.market, "", 1});
    if (!candle) return journal_error(candle.error());
    list += (list.empty() ? "" : ",") + market_json(market, *candle, feed);
  }
  return {200,
          fmt::format("{{\"last_sequence\":{},\"last_commit\":{},\"champion\":{},\"models\":{},\"markets\":[{}]}}\n",
                      last->sequence, json_time(last->written),
                      summary->champion ? json_text(*summary->champion) : "null", summary->models, list)};
}

Response Routes::newest_prediction(const Target& target, std::string_view symbol) {
  if (const Result<void> known = check_parameters(target, {"limit"}); !known) return bad_request(known.error());
  const Result<std::optional<std::int64_t>> limit = limit_of(target, store::view_limit_max);
  if (!limit) return bad_request(limit.error());
  const std::expected<std::string, Response> market = find_market(markets_, symbol);
  if (!market) return market.error();
  const Result<store::ViewRows> rows = journal_.rows(store::View::predictions, {*market, "", limit->value_or(1)});
  if (!rows) return journal_error(rows.error());
  if (rows->count() == 0) return error_response(404, fmt::format("there is no prediction for {} yet", *market));
  const std::string recent = *limit ? ",\"predictions\":" + json_array(*rows) : "";
  return {200, "{" + json_members(*rows, 0) + recent + "}\n"};
}

Response Routes::view(const Target& target, std::string_view name, store::View view) {
  if (const Result<void> known = check_view_parameters(target, view); !known) return bad_request(known.error());
  const Result<std::optional<std::int64_t>> limit = limit_of(target, store::view_limit_max);
  if (!limit) return bad_request(limit.error());
  store::ViewFilter filter;
  filter.limit = limit->value_or(filter.limit);
  if (const std::string* text = target.parameter("market")) {
    std::expected<std::string, Response> market = find_market(markets_, *text);
    if (!market) return market.error();
    filter.market = std::move(*market);
  }
  if (const std::string* text = target.parameter("strategy")) filter.strategy = *text;
  const Result<store::ViewRows> rows = journal_.rows(view, filter);
  if (!rows) return journal_error(rows.error());
  return {200, fmt::format("{{\"{}\":{}}}\n", name, json_array(*rows))};
}

}  // namespace candled::server
