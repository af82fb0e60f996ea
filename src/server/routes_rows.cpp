// Rows as they are stored, newest first, page by page.
#include <fmt/format.h>

#include <span>

#include "server/json.hpp"
#include "server/market_lookup.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

constexpr std::int64_t recent_predictions = 20;

}  // namespace

std::expected<store::ViewRows, Response> Routes::find_rows(const Call& call, store::View view) {
  const Target& target = call.target;
  store::ViewFilter filter;
  const Result<std::optional<std::int64_t>> limit = limit_of(target, store::view_limit_max);
  if (!limit) return std::unexpected(bad_request(limit.error()));
  filter.limit = limit->value_or(filter.limit);
  const Result<std::optional<Timestamp>> from = time_of(target, "from"), to = time_of(target, "to");
  if (!from) return std::unexpected(bad_request(from.error()));
  if (!to) return std::unexpected(bad_request(to.error()));
  filter.from = *from;
  filter.to = *to;
  if (const std::string* text = target.parameter("market")) {
    std::expected<std::string, Response> market = find_market(settings_.markets, *text);
    if (!market) return std::unexpected(market.error());
    filter.market = std::move(*market);
  }
  if (const std::string* text = target.parameter("strategy")) filter.strategy = *text;
  if (const std::string* text = target.parameter("cursor")) filter.cursor = *text;
  Result<store::ViewRows> rows = journal_.rows(view, filter);
  if (!rows) return std::unexpected(journal_error(rows.error()));
  return std::move(*rows);
}

Response Routes::rows(const Call& call, std::string_view name, store::View view) {
  const std::expected<store::ViewRows, Response> rows = find_rows(call, view);
  return rows ? rows_response(name, *rows) : rows.error();
}

Response Routes::trades(const Call& call) { return rows(call, "trades", store::View::trades); }
Response Routes::predictions(const Call& call) { return rows(call, "predictions", store::View::predictions); }
Response Routes::fills(const Call& call) { return rows(call, "fills", store::View::fills); }
Response Routes::models(const Call& call) {
  const std::expected<store::ViewRows, Response> rows = find_rows(call, store::View::models);
  return rows ? rows_response("models", with_live(*rows)) : rows.error();
}

// How the model's predictions came out so far, as the daemon scored them last.
store::ViewRows Routes::with_live(const store::ViewRows& models) const {
  store::ViewRows out{models.columns, {}, models.next};
  out.columns.push_back("live");
  const std::size_t width = models.columns.size();
  for (std::size_t row = 0; row < models.count(); ++row) {
    const auto cells = std::span(models.cells).subspan(row * width, width);
    out.cells.insert(out.cells.end(), cells.begin(), cells.end());
    const std::string live = sources_.model_live ? sources_.model_live(cells.front().text) : std::string();
    out.cells.push_back({store::Cell::Kind::json, live.empty() ? "null" : live});
  }
  return out;
}
Response Routes::gaps(const Call& call) { return rows(call, "gaps", store::View::gaps); }

Response Routes::symbol_predictions(const Call& call) {
  const Result<std::optional<std::int64_t>> limit = limit_of(call.target, store::view_limit_max);
  if (!limit) return bad_request(limit.error());
  const std::expected<std::string, Response> market = find_market(settings_.markets, call.argument);
  if (!market) return market.error();
  store::ViewFilter filter;
  filter.market = *market;
  filter.limit = limit->value_or(recent_predictions);
  const Result<store::ViewRows> rows = journal_.rows(store::View::predictions, filter);
  if (!rows) return journal_error(rows.error());
  if (rows->count() == 0) return error_response(404, fmt::format("there is no prediction for {} yet", *market));
  return {200, json_body([&](JsonWriter& json) {
            write_members(json, *rows, 0);
            write_rows(json.key("predictions"), *rows);
          })};
}

}  // namespace candled::server
