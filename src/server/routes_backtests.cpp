// Backtests that are stored: their figures in a list, and the whole report of one.
#include <fmt/format.h>

#include "candled/store/backtests.hpp"
#include "candled/store/journal_writer.hpp"
#include "server/json.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

constexpr std::int64_t backtests_shown = 20, backtests_max = 200;
constexpr std::size_t name_length = 15;  // YYYYMMDD_HHMMSS

std::string strategy_json(const store::BacktestStrategyRecord& s) {
  return fmt::format(R"({{"strategy":{},"kind":{},"total_return":{},"total_return_low":{},"total_return_high":{},"annualised_return":{},"volatility":{},"sharpe":{},)"
                     R"("sortino":{},"calmar":{},"maximum_drawdown":{},"trades":{},"fills":{},"win_rate":{},"profit_factor":{},"exposure":{},"turnover":{},"fees":{},)"
                     R"("last_equity":{}}})",
                     json_text(s.strategy), json_text(s.kind), json_real(s.total_return), json_real(s.return_low), json_real(s.return_high),
                     json_real(s.annualised_return), json_real(s.volatility), json_real(s.sharpe), json_real(s.sortino), json_real(s.calmar),
                     json_real(s.maximum_drawdown), s.trades, s.fills, json_real(s.win_rate), json_real(s.profit_factor), json_real(s.exposure),
                     json_real(s.turnover), json_real(s.fees), json_real(s.last_equity));
}

std::string backtest_json(const store::BacktestRecord& r) {
  std::string strategies;
  for (const store::BacktestStrategyRecord& strategy : r.strategies) strategies += (strategies.empty() ? "" : ",") + strategy_json(strategy);
  return fmt::format(R"({{"backtest":{},"created":{},"market":{},"from":{},"to":{},"model":{},"in_sample":{},"candles_only":{},"gap_share":{},"strategies":[{}]}})",
                     json_text(r.name), json_time(r.created), json_text(r.market), json_time(r.from), json_time(r.to),
                     r.model.empty() ? "null" : json_text(r.model), r.in_sample, r.candles_only, json_real(r.gap_share), strategies);
}

}  // namespace

Response Routes::backtests(const Call& call) {
  const Result<std::optional<std::int64_t>> limit = limit_of(call.target, backtests_max);
  if (!limit) return bad_request(limit.error());
  try {
    std::string rows;
    for (const store::BacktestRecord& record : store::list_backtests(settings_.database, limit->value_or(backtests_shown))) {
      rows += (rows.empty() ? "" : ",") + backtest_json(record);
    }
    return {200, fmt::format("{{\"backtests\":[{}]}}\n", rows)};
  } catch (const store::StoreError& error) {
    return error_response(503, error.what());
  }
}

Response Routes::backtest(const Call& call) {
  try {
    if (call.argument.size() == name_length) {
      if (const std::optional<store::BacktestRecord> record = store::find_backtest(settings_.database, call.argument)) return {200, record->report + "\n"};
    }
    return error_response(404, "there is no such backtest");
  } catch (const store::StoreError& error) {
    return error_response(503, error.what());
  }
}

// The page was made by `candled backtest`: it has a style sheet and drawings of its own, and neither scripts nor links.
Response Routes::backtest_page(const Call& call) {
  try {
    std::string page = call.argument.size() == name_length ? store::backtest_page(settings_.database, call.argument) : std::string();
    if (page.empty()) return error_response(404, "there is no such backtest, or it has no page");
    Response response{200, std::move(page), "text/html; charset=utf-8"};
    response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return response;
  } catch (const store::StoreError& error) {
    return error_response(503, error.what());
  }
}

}  // namespace candled::server
