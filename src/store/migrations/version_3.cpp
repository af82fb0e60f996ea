// Version 3: all that came while files said version 2, and what files of version 1 may lack.
#include <fmt/format.h>

#include <string>

#include "store/migrations/migration.hpp"

namespace candled::store {
namespace {

// As they are in version 3; the last column of each came last.
constexpr const char* tables = R"sql(
CREATE TABLE IF NOT EXISTS revision_due (market INTEGER PRIMARY KEY, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, version TEXT NOT NULL, config TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS run_state (run INTEGER NOT NULL, station TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (run, station)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pause (sequence INTEGER PRIMARY KEY, paused INTEGER NOT NULL, asked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS feature_due (market INTEGER PRIMARY KEY, from_time INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS feature_rows (market INTEGER PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS trade_numbering (market INTEGER PRIMARY KEY, numbering TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record_bounds (market INTEGER PRIMARY KEY, complete_from INTEGER, trades_pruned_before INTEGER, features_pruned_before INTEGER,
  trades_replaced INTEGER);
CREATE TABLE IF NOT EXISTS book_fact (market INTEGER NOT NULL, open_time INTEGER NOT NULL, updates INTEGER NOT NULL, whole INTEGER NOT NULL,
  late INTEGER NOT NULL, best_bid INTEGER NOT NULL, bid_quantity INTEGER NOT NULL, best_ask INTEGER NOT NULL,
  ask_quantity INTEGER NOT NULL, spread_mean REAL NOT NULL, imbalance_1 REAL NOT NULL, imbalance_5 REAL NOT NULL,
  imbalance_10 REAL NOT NULL, imbalance_1_mean REAL NOT NULL, imbalance_5_mean REAL NOT NULL, imbalance_10_mean REAL NOT NULL,
  order_flow_1 REAL NOT NULL, order_flow_5 REAL NOT NULL, order_flow_10 REAL NOT NULL, levels BLOB NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (market, open_time)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS paper_order (strategy INTEGER NOT NULL, market INTEGER NOT NULL, number INTEGER NOT NULL, decided_on INTEGER NOT NULL,
  active_from INTEGER NOT NULL, ended INTEGER NOT NULL, side INTEGER NOT NULL, reason INTEGER NOT NULL, limit_price INTEGER,
  spend INTEGER NOT NULL, quantity INTEGER NOT NULL, filled INTEGER NOT NULL, outcome INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (strategy, market, decided_on)) WITHOUT ROWID;
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
CREATE TABLE IF NOT EXISTS study (id INTEGER PRIMARY KEY, settings TEXT NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS trial (study INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, loss REAL, trial TEXT NOT NULL,
  PRIMARY KEY (study, number)) WITHOUT ROWID;
)sql";

constexpr const char* sequence_gap_table =
    "CREATE TABLE hole (market INTEGER NOT NULL, first_missing_id INTEGER NOT NULL, last_missing_id INTEGER NOT NULL,"
    " detected INTEGER NOT NULL, proven_until INTEGER NOT NULL, filled INTEGER, sequence INTEGER NOT NULL, PRIMARY KEY "
    "(market, first_missing_id)) WITHOUT ROWID";

bool has_column(Connection& connection, std::string_view table, std::string_view column) {
  Statement found(connection, "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?");
  found.bind(table, column);
  bool has = false;
  while (found.next()) has = found.integer(0) > 0;
  return has;
}

struct Column {
  std::string_view table, name;
};
// What is read of every file: a table is as it should be where it has this column. (Tunings come and go with their tables.)
constexpr Column columns[] = {{"hole", "proven_until"},
                              {"prediction", "contributions"},
                              {"revision_due", "to_time"},
                              {"run", "config"},
                              {"run_state", "state"},
                              {"pause", "asked"},
                              {"promotion", "sequence"},
                              {"feature_due", "from_time"},
                              {"feature_rows", "hash"},
                              {"trade_numbering", "numbering"},
                              {"record_bounds", "trades_replaced"},
                              {"book_fact", "sequence"},
                              {"paper_order", "sequence"},
                              {"backtest", "report"},
                              {"backtest_strategy", "fills"},
                              {"backtest_fill", "reason"},
                              {"backtest_equity", "equity"},
                              {"backtest_page", "html"}};

bool is_readable(Connection& connection) {
  for (const auto& [table, name] : columns) {
    if (!has_column(connection, table, name)) return false;
  }
  return !has_column(connection, "run", "rebuilt");
}

// Where a sequence gap was recorded before it was noted how far the feed was proven complete, that is not known: 0.
void complete_sequence_gaps(Connection& connection) {
  connection.execute("ALTER TABLE hole RENAME TO hole_2");
  connection.execute(sequence_gap_table);
  connection.execute(
      "INSERT INTO hole SELECT market, first_missing_id, last_missing_id, detected, 0, filled, sequence FROM hole_2; "
      "DROP TABLE hole_2");
}

void apply(Connection& connection) {
  const bool runs_note_rebuilds = has_column(connection, "run", "rebuilt");
  if (runs_note_rebuilds) connection.execute("ALTER TABLE run RENAME TO run_2");
  connection.execute(tables);
  if (runs_note_rebuilds)
    connection.execute("INSERT INTO run SELECT id, sequence, version, config FROM run_2; DROP TABLE run_2");
  if (!has_column(connection, "hole", "proven_until")) complete_sequence_gaps(connection);
  if (!has_column(connection, "prediction", "expired")) {
    connection.execute(
        "ALTER TABLE prediction ADD COLUMN expired INTEGER NOT NULL DEFAULT 0; ALTER TABLE prediction ADD COLUMN "
        "contributions TEXT");
  }
  if (!has_column(connection, "record_bounds", "trades_replaced"))
    connection.execute("ALTER TABLE record_bounds ADD COLUMN trades_replaced INTEGER");
  if (!has_column(connection, "promotion", "why")) {
    connection.execute(
        "CREATE TABLE promotion (id INTEGER PRIMARY KEY, model TEXT NOT NULL, decided INTEGER NOT NULL, why TEXT NOT "
        "NULL, sequence INTEGER NOT NULL);"
        "INSERT INTO promotion (model, decided, why, sequence) SELECT model, 0, 'by an older candled', sequence FROM "
        "takeover ORDER BY sequence");
  }
}

}  // namespace

Migration to_version_3() { return {3, "all tables are there", is_readable, apply}; }

}  // namespace candled::store
