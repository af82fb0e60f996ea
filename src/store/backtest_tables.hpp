// The tables of backtests.
#pragma once

namespace candled::store {

// SQL that makes what is not there yet. A report is JSON; money, quantities, prices and times are exact as in the other tables.
constexpr const char* backtest_tables = R"sql(
CREATE TABLE IF NOT EXISTS backtest (name TEXT PRIMARY KEY, created INTEGER NOT NULL, version TEXT NOT NULL, market TEXT NOT NULL,
  interval_ns INTEGER NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, model TEXT NOT NULL, in_sample INTEGER NOT NULL,
  candles_only INTEGER NOT NULL, gap_share REAL NOT NULL, config TEXT NOT NULL, report TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS backtest_strategy (backtest TEXT NOT NULL, position INTEGER NOT NULL, strategy TEXT NOT NULL, kind TEXT NOT NULL,
  total_return REAL, return_low REAL, return_high REAL, annualised_return REAL, volatility REAL, sharpe REAL, sortino REAL, calmar REAL,
  maximum_drawdown REAL, win_rate REAL, profit_factor REAL, exposure REAL, turnover REAL, fees REAL, last_equity REAL,
  trades INTEGER NOT NULL, fills INTEGER NOT NULL, PRIMARY KEY (backtest, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS backtest_fill (backtest TEXT NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,
  decided_on INTEGER NOT NULL, side INTEGER NOT NULL, quantity INTEGER NOT NULL, price INTEGER NOT NULL, fee INTEGER NOT NULL,
  reason INTEGER NOT NULL, PRIMARY KEY (backtest, position, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS backtest_equity (backtest TEXT NOT NULL, position INTEGER NOT NULL, time INTEGER NOT NULL, cash INTEGER NOT NULL,
  quantity INTEGER NOT NULL, price INTEGER NOT NULL, equity INTEGER NOT NULL, PRIMARY KEY (backtest, position, time)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS backtest_page (backtest TEXT PRIMARY KEY, html TEXT NOT NULL) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS backtests AS SELECT b.name AS backtest, s.strategy, s.kind, b.market,
  strftime('%Y-%m-%dT%H:%M:%SZ', b.from_time / 1000000000, 'unixepoch') AS from_time,
  strftime('%Y-%m-%dT%H:%M:%SZ', b.to_time / 1000000000, 'unixepoch') AS to_time,
  b.model, b.in_sample, b.candles_only, b.gap_share, s.total_return, s.return_low, s.return_high, s.annualised_return, s.volatility, s.sharpe,
  s.sortino, s.calmar, s.maximum_drawdown, s.trades, s.fills, s.win_rate, s.profit_factor, s.exposure, s.turnover, s.fees, s.last_equity,
  strftime('%Y-%m-%dT%H:%M:%SZ', b.created / 1000000000, 'unixepoch') AS created
  FROM backtest b JOIN backtest_strategy s ON s.backtest = b.name;
)sql";

}  // namespace candled::store
