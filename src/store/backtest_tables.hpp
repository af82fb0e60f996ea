// The tables of backtests.
#pragma once

namespace candled::store {

// SQL that makes them. A report is JSON; money, quantities, prices and times are exact as in the other tables.
constexpr const char* backtest_tables = R"sql(
CREATE TABLE backtest (name TEXT PRIMARY KEY, created INTEGER NOT NULL, version TEXT NOT NULL, market TEXT NOT NULL,
  interval_ns INTEGER NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, model TEXT NOT NULL, in_sample INTEGER NOT NULL,
  candles_only INTEGER NOT NULL, gap_share REAL NOT NULL, config TEXT NOT NULL, report TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE backtest_strategy (backtest TEXT NOT NULL, position INTEGER NOT NULL, strategy TEXT NOT NULL, kind TEXT NOT NULL,
  total_return REAL, return_low REAL, return_high REAL, annualised_return REAL, volatility REAL, sharpe REAL, sortino REAL, calmar REAL,
  maximum_drawdown REAL, win_rate REAL, profit_factor REAL, exposure REAL, turnover REAL, fees REAL, last_equity REAL,
  trades INTEGER NOT NULL, fills INTEGER NOT NULL, PRIMARY KEY (backtest, position)) WITHOUT ROWID;
CREATE TABLE backtest_fill (backtest TEXT NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,
  decided_on INTEGER NOT NULL, side INTEGER NOT NULL, quantity INTEGER NOT NULL, price INTEGER NOT NULL, fee INTEGER NOT NULL,
  reason INTEGER NOT NULL, PRIMARY KEY (backtest, position, number)) WITHOUT ROWID;
CREATE TABLE backtest_equity (backtest TEXT NOT NULL, position INTEGER NOT NULL, time INTEGER NOT NULL, cash INTEGER NOT NULL,
  quantity INTEGER NOT NULL, price INTEGER NOT NULL, equity INTEGER NOT NULL, PRIMARY KEY (backtest, position, time)) WITHOUT ROWID;
CREATE TABLE backtest_page (backtest TEXT PRIMARY KEY, html TEXT NOT NULL) WITHOUT ROWID;
)sql";

}  // namespace candled::store
