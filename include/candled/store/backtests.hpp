// Backtests: results of backtests in the tables `backtest`, `backtest_strategy`, `backtest_fill` and `backtest_equity`.
//
// They are in the database itself. While a daemon holds that (it is the only writer), results go to a file beside it,
// <database>.backtests.sqlite, with the same tables; reading looks into both.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trading.hpp"

namespace candled::store {

struct BacktestStrategyRecord {
  std::string strategy, kind;
  // NaN becomes NULL.
  double total_return = 0, annualised_return = 0, volatility = 0, sharpe = 0, sortino = 0, calmar = 0,
         maximum_drawdown = 0;
  double return_low = 0, return_high = 0;  // 95 % interval of total_return
  double win_rate = 0, profit_factor = 0, exposure = 0, turnover = 0, fees = 0, last_equity = 0;
  std::int64_t trades = 0, fills = 0;
};

struct BacktestRecord {
  std::string name;  // YYYYMMDD_HHMMSS of `created`, or the first later second that is free; write() fills it in
  Timestamp created;
  std::string version;  // of candled
  std::string market;
  Duration interval;
  Timestamp from, to;
  std::string model;          // its name; "walk-forward"; empty: none
  bool in_sample = false;     // the model was trained on a part of the period
  bool candles_only = false;  // at least a part of it: fills at the next candle's open
  double gap_share = 0;
  std::string config;  // JSON
  std::string report;  // JSON: all of `candled backtest --json`
  std::string page;    // HTML: the report as a file that needs nothing else
  std::vector<BacktestStrategyRecord> strategies;
};

// Points and fills of one strategy; not owned, for the duration of the call.
struct BacktestCurves {
  const std::vector<EquityPoint>* equity = nullptr;
  const std::vector<Fill>* fills = nullptr;
};

std::filesystem::path backtests_beside(const std::filesystem::path& database);

// Writes all of it in one transaction and returns the file it went to. curves: position i belongs to strategy i. Errors: retry (disk full), fatal.
Result<std::filesystem::path> write_backtest(const std::filesystem::path& database, BacktestRecord& record,
                                             const std::vector<BacktestCurves>& curves);

// Newest first, without config, report and page. A file that is not there, or has no such tables, has none. Throws StoreError.
std::vector<BacktestRecord> list_backtests(const std::filesystem::path& database, std::int64_t limit);
// By its name; all but its page.
std::optional<BacktestRecord> find_backtest(const std::filesystem::path& database, const std::string& name);
// Its page; empty where there is none.
std::string backtest_page(const std::filesystem::path& database, const std::string& name);
// The stored equity of one strategy, oldest first.
std::vector<EquityPoint> backtest_equity(const std::filesystem::path& database, const std::string& name,
                                         const std::string& strategy);

}  // namespace candled::store
