// Rows as they are stored, newest first, page by page.
#include <fmt/format.h>

#include "server/json.hpp"
#include "server/market_lookup.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

constexpr std::int64_t recent_predictions = 20;

}  // namespace

Response Routes::rows(const Call& call, std::string_view name, store::View view) {
  const Target& target = call.target;
  store::ViewFilter filter;
  const Result<std::optional<std::int64_t>> limit = limit_of(target, store::view_limit_max);
  if (!limit) return bad_request(limit.error());
  filter.limit = limit->value_or(filter.limit);
  const Result<std::optional<Timestamp>> from = time_of(target, "from"), to = time_of(target, "to");
  if (!from) return bad_request(from.error());
  if (!to) return bad_request(to.error());
  filter.from = *from;
  filter.to = *to;
  if (const std::string* text = target.parameter("market")) {
    std::expected<std::string, Response> market = find_market(settings_.markets, *text);
    if (!market) return market.error();
    filter.market = std::move(*market);
  }
  if (const std::string* text = target.parameter("strategy")) filter.strategy = *text;
  if (const std::string* text = target.parameter("cursor")) filter.cursor = *text;
  const Result<store::ViewRows> rows = journal_.rows(view, filter);
  return rows ? rows_response(name, *rows) : journal_error(rows.error());
}

Response Routes::trades(const Call& call) { return rows(call, "trades", store::View::trades); }
Response Routes::predictions(const Call& call) { return rows(call, "predictions", store::View::predictions); }
Response Routes::fills(const Call& call) { return rows(call, "fills", store::View::fills); }
Response Routes::models(const Call& call) { return rows(call, "models", store::View::models); }
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
  return {200, fmt::format("{{{},\"predictions\":{}}}\n", json_members(*rows, 0), json_array(*rows))};
}

}  // namespace candled::server
