// Backtests that are stored: their figures in a list, and the whole report of one.
#include "candled/store/backtests.hpp"
#include "candled/store/journal_writer.hpp"
#include "server/json.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

constexpr std::int64_t backtests_shown = 20, backtests_max = 200;
constexpr std::size_t name_length = 15;  // YYYYMMDD_HHMMSS

void write_strategy(JsonWriter& json, const store::BacktestStrategyRecord& s) {
  json.begin_object().member("strategy", s.strategy).member("kind", s.kind).member("total_return", s.total_return);
  json.member("total_return_low", s.return_low).member("total_return_high", s.return_high);
  json.member("annualised_return", s.annualised_return).member("volatility", s.volatility).member("sharpe", s.sharpe);
  json.member("sortino", s.sortino).member("calmar", s.calmar).member("maximum_drawdown", s.maximum_drawdown);
  json.member("trades", s.trades)
      .member("fills", s.fills)
      .member("win_rate", s.win_rate)
      .member("profit_factor", s.profit_factor);
  json.member("exposure", s.exposure)
      .member("turnover", s.turnover)
      .member("fees", s.fees)
      .member("last_equity", s.last_equity)
      .end_object();
}

void write_backtest(JsonWriter& json, const store::BacktestRecord& r) {
  json.begin_object().member("backtest", r.name).member("created", r.created).member("market", r.market);
  json.member("from", r.from).member("to", r.to).member_or_null("model", r.model);
  json.member("in_sample", r.in_sample).member("candles_only", r.candles_only).member("gap_share", r.gap_share);
  json.key("strategies").begin_array();
  for (const store::BacktestStrategyRecord& strategy : r.strategies) write_strategy(json, strategy);
  json.end_array().end_object();
}

// The report was made by another run of candled, and texts of older ones were not checked.
std::string line_of(const std::string& report) {
  std::string line;
  JsonWriter(line).json(report);
  return line += '\n';
}

}  // namespace

Response Routes::backtests(const Call& call) {
  const Result<std::optional<std::int64_t>> limit = limit_of(call.target, backtests_max);
  if (!limit) return bad_request(limit.error());
  try {
    return {200, json_body([&](JsonWriter& json) {
              json.key("backtests").begin_array();
              for (const store::BacktestRecord& record :
                   store::list_backtests(settings_.database, limit->value_or(backtests_shown))) {
                write_backtest(json, record);
              }
              json.end_array();
            })};
  } catch (const store::StoreError& error) {
    return error_response(503, error.what());
  }
}

Response Routes::backtest(const Call& call) {
  try {
    if (call.argument.size() == name_length) {
      if (const std::optional<store::BacktestRecord> record = store::find_backtest(settings_.database, call.argument))
        return {200, line_of(record->report)};
    }
    return error_response(404, "there is no such backtest");
  } catch (const store::StoreError& error) {
    return error_response(503, error.what());
  }
}

// The page was made by `candled backtest`: it has a style sheet and data of its own; the script that draws its charts is this program's.
Response Routes::backtest_page(const Call& call) {
  try {
    std::string page =
        call.argument.size() == name_length ? store::backtest_page(settings_.database, call.argument) : std::string();
    if (page.empty()) return error_response(404, "there is no such backtest, or it has no page");
    Response response{200, std::move(page), "text/html; charset=utf-8"};
    response.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return response;
  } catch (const store::StoreError& error) {
    return error_response(503, error.what());
  }
}

}  // namespace candled::server
