#include "store/schema.hpp"

#include <fmt/format.h>

#include "store/backtest_tables.hpp"
#include "store/book_row.hpp"
#include "store/order_row.hpp"

namespace candled::store {
namespace {

constexpr std::int64_t application_id = 0x63616e64;  // "cand"
constexpr std::int64_t schema_version = 2;

// Base tables are singular and exact: prices in 1e-10, quantities and money in 1e-8, times in nanoseconds UTC.
// `sequence` is the number of the head event that made the row; docs/tables.md explains every column.
constexpr const char* tables = R"sql(
CREATE TABLE market (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, interval_ns INTEGER NOT NULL);
CREATE TABLE strategy (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);

CREATE TABLE trade (market INTEGER NOT NULL, trade_id INTEGER NOT NULL, time INTEGER NOT NULL, received INTEGER NOT NULL,
  price INTEGER NOT NULL, quantity INTEGER NOT NULL, side INTEGER NOT NULL, source INTEGER NOT NULL, order_type INTEGER NOT NULL,
  late INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (market, trade_id)) WITHOUT ROWID;

CREATE TABLE tick (sequence INTEGER PRIMARY KEY, market INTEGER NOT NULL, time INTEGER NOT NULL, received INTEGER NOT NULL);
CREATE TABLE hole (market INTEGER NOT NULL, first_missing_id INTEGER NOT NULL, last_missing_id INTEGER NOT NULL,
  detected INTEGER NOT NULL, proven_until INTEGER NOT NULL, filled INTEGER, sequence INTEGER NOT NULL, PRIMARY KEY (market, first_missing_id)) WITHOUT ROWID;
CREATE TABLE revision_due (market INTEGER PRIMARY KEY, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL);
CREATE TABLE takeover (sequence INTEGER PRIMARY KEY, model TEXT NOT NULL);

CREATE TABLE feature_list (hash TEXT PRIMARY KEY, names TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feature (market INTEGER NOT NULL, open_time INTEGER NOT NULL, hash TEXT NOT NULL, row BLOB NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (market, open_time)) WITHOUT ROWID;
CREATE TABLE prediction (market INTEGER NOT NULL, open_time INTEGER NOT NULL, horizon INTEGER NOT NULL, probability_up REAL NOT NULL,
  signal INTEGER NOT NULL, model TEXT NOT NULL, stale INTEGER NOT NULL, sequence INTEGER NOT NULL,
  expired INTEGER NOT NULL DEFAULT 0, contributions TEXT, PRIMARY KEY (market, open_time)) WITHOUT ROWID;
CREATE TABLE fill (strategy INTEGER NOT NULL, market INTEGER NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,
  decided_on INTEGER NOT NULL, side INTEGER NOT NULL, quantity INTEGER NOT NULL, price INTEGER NOT NULL, fee INTEGER NOT NULL,
  reason INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (strategy, market, number)) WITHOUT ROWID;
CREATE TABLE equity_point (strategy INTEGER NOT NULL, market INTEGER NOT NULL, time INTEGER NOT NULL, cash INTEGER NOT NULL,
  position INTEGER NOT NULL, price INTEGER NOT NULL, equity INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (strategy, market, time)) WITHOUT ROWID;

CREATE TABLE model (name TEXT PRIMARY KEY, kind TEXT NOT NULL, created INTEGER NOT NULL, trained_from INTEGER NOT NULL,
  trained_to INTEGER NOT NULL, accuracy REAL, f1 REAL, precision REAL, recall REAL, metrics TEXT NOT NULL,
  sha256 TEXT NOT NULL, feature_hash TEXT NOT NULL, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE model_alias (alias TEXT PRIMARY KEY, model TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE checkpoint (station TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE stream (id INTEGER PRIMARY KEY CHECK (id = 1), last_sequence INTEGER NOT NULL, checkpoint_sequence INTEGER NOT NULL);
INSERT INTO stream VALUES (1, 0, 0);
)sql";

// buy_volume, trades and the tape's columns (buy_trades to longest_pause) are NULL where they are not known.
constexpr const char* candle_table = R"sql(
CREATE TABLE candle (market INTEGER NOT NULL, open_time INTEGER NOT NULL, open INTEGER NOT NULL, high INTEGER NOT NULL,
  low INTEGER NOT NULL, close INTEGER NOT NULL, volume INTEGER NOT NULL, buy_volume INTEGER, trades INTEGER,
  state INTEGER NOT NULL, revision INTEGER NOT NULL, buy_trades INTEGER, up_ticks INTEGER, down_ticks INTEGER, largest INTEGER,
  turnover INTEGER, longest_pause INTEGER, closed INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (market, open_time)) WITHOUT ROWID;
)sql";

// How the ids of a market's trades count ("aggregate"), where they do not count single trades.
// Which list all feature rows of a market are of; another one, or none: they are made anew.
// feature_due: a candle has changed there, and what was made from stored candles from it on is not made anew yet.
constexpr const char* tables_since_2 = R"sql(
CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, version TEXT NOT NULL, config TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS run_state (run INTEGER NOT NULL, station TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (run, station)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pause (sequence INTEGER PRIMARY KEY, paused INTEGER NOT NULL, asked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS promotion (id INTEGER PRIMARY KEY, model TEXT NOT NULL, decided INTEGER NOT NULL, why TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS feature_due (market INTEGER PRIMARY KEY, from_time INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS feature_rows (market INTEGER PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS trade_numbering (market INTEGER PRIMARY KEY, numbering TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record_bounds (market INTEGER PRIMARY KEY, complete_from INTEGER, trades_pruned_before INTEGER, features_pruned_before INTEGER,
  trades_replaced INTEGER);
)sql";

// Views are plural and for people: ISO 8601 UTC, REAL numbers, names.
constexpr const char* views = R"sql(
CREATE VIEW trades AS SELECT m.name AS market, t.trade_id,
  strftime('%Y-%m-%dT%H:%M:%S', t.time / 1000000000, 'unixepoch') || printf('.%06dZ', t.time / 1000 % 1000000) AS time,
  t.price / 1e10 AS price, t.quantity / 1e8 AS quantity,
  CASE t.side WHEN 0 THEN 'buy' WHEN 1 THEN 'sell' END AS side,
  CASE t.source WHEN 0 THEN 'stream' WHEN 1 THEN 'rest' ELSE 'import' END AS source, t.late,
  strftime('%Y-%m-%dT%H:%M:%S', t.received / 1000000000, 'unixepoch') || printf('.%06dZ', t.received / 1000 % 1000000) AS received
  FROM trade t JOIN market m ON m.id = t.market;

CREATE VIEW candles AS SELECT m.name AS market,
  CASE WHEN m.interval_ns % 86400000000000 = 0 THEN (m.interval_ns / 86400000000000) || 'd'
       WHEN m.interval_ns % 3600000000000 = 0 THEN (m.interval_ns / 3600000000000) || 'h'
       WHEN m.interval_ns % 60000000000 = 0 THEN (m.interval_ns / 60000000000) || 'm'
       ELSE (m.interval_ns / 1000000000) || 's' END AS interval,
  strftime('%Y-%m-%dT%H:%M:%SZ', c.open_time / 1000000000, 'unixepoch') AS open_time,
  CASE WHEN c.close > 0 THEN c.open / 1e10 END AS open, CASE WHEN c.close > 0 THEN c.high / 1e10 END AS high,
  CASE WHEN c.close > 0 THEN c.low / 1e10 END AS low, CASE WHEN c.close > 0 THEN c.close / 1e10 END AS close,
  c.volume / 1e8 AS volume, c.buy_volume / 1e8 AS buy_volume, c.trades,
  CASE c.state WHEN 0 THEN 'traded' WHEN 1 THEN 'quiet' ELSE 'gap' END AS state, c.revision,
  c.buy_trades, c.up_ticks, c.down_ticks, c.largest / 1e8 AS largest, c.turnover / 1e8 AS turnover, c.longest_pause / 1e9 AS longest_pause_s
  FROM candle c JOIN market m ON m.id = c.market;

CREATE VIEW predictions AS SELECT m.name AS market,
  strftime('%Y-%m-%dT%H:%M:%SZ', p.open_time / 1000000000, 'unixepoch') AS open_time,
  CASE WHEN p.horizon % 60000000000 = 0 THEN (p.horizon / 60000000000) || 'm' ELSE (p.horizon / 1000000000) || 's' END AS horizon,
  p.probability_up, CASE p.signal WHEN 1 THEN 'buy' WHEN 2 THEN 'sell' ELSE 'hold' END AS signal, p.model,
  CASE WHEN c.state < 2 AND later.state < 2 THEN later.close > c.close END AS outcome, p.stale,
  p.contributions, p.expired FROM prediction p JOIN market m ON m.id = p.market
  LEFT JOIN candle c ON c.market = p.market AND c.open_time = p.open_time
  LEFT JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon;

CREATE VIEW fills AS SELECT s.name AS strategy, m.name AS market, f.number,
  strftime('%Y-%m-%dT%H:%M:%S', f.time / 1000000000, 'unixepoch') || printf('.%06dZ', f.time / 1000 % 1000000) AS time,
  CASE f.side WHEN 0 THEN 'buy' ELSE 'sell' END AS side, f.quantity / 1e8 AS quantity, f.price / 1e10 AS price, f.fee / 1e8 AS fee,
  CASE f.reason WHEN 0 THEN 'signal' WHEN 1 THEN 'rest of position' WHEN 2 THEN 'limit' WHEN 3 THEN 'stop loss'
  WHEN 4 THEN 'take profit' WHEN 5 THEN 'trailing stop' ELSE 'drawdown' END AS reason
  FROM fill f JOIN market m ON m.id = f.market JOIN strategy s ON s.id = f.strategy;

CREATE VIEW equity AS SELECT s.name AS strategy, m.name AS market,
  strftime('%Y-%m-%dT%H:%M:%SZ', e.time / 1000000000, 'unixepoch') AS time,
  e.cash / 1e8 AS cash, e.position / 1e8 AS position, e.price / 1e10 AS price, e.equity / 1e8 AS equity
  FROM equity_point e JOIN market m ON m.id = e.market JOIN strategy s ON s.id = e.strategy;

CREATE VIEW models AS SELECT o.name AS model, o.kind,
  strftime('%Y-%m-%dT%H:%M:%SZ', o.created / 1000000000, 'unixepoch') AS created,
  strftime('%Y-%m-%dT%H:%M:%SZ', o.trained_from / 1000000000, 'unixepoch') AS trained_from,
  strftime('%Y-%m-%dT%H:%M:%SZ', o.trained_to / 1000000000, 'unixepoch') AS trained_to,
  a.alias, o.accuracy, o.f1, o.precision, o.recall, o.metrics
  FROM model o LEFT JOIN model_alias a ON a.model = o.name;

CREATE VIEW promotions AS SELECT p.model,
  CASE WHEN p.decided > 0 THEN strftime('%Y-%m-%dT%H:%M:%SZ', p.decided / 1000000000, 'unixepoch') END AS decided, p.why FROM promotion p ORDER BY p.id;

CREATE VIEW pauses AS SELECT p.sequence,
  strftime('%Y-%m-%dT%H:%M:%SZ', p.asked / 1000000000, 'unixepoch') AS asked, p.paused FROM pause p;

CREATE VIEW gaps AS SELECT m.name AS market, h.first_missing_id, h.last_missing_id,
  strftime('%Y-%m-%dT%H:%M:%SZ', h.detected / 1000000000, 'unixepoch') AS detected,
  strftime('%Y-%m-%dT%H:%M:%SZ', h.filled / 1000000000, 'unixepoch') AS filled
  FROM hole h JOIN market m ON m.id = h.market;
)sql";

[[noreturn]] void refuse_file(const Connection& connection, const std::string& why) {
  throw SqliteError(SQLITE_NOTADB, fmt::format("database {} {}", connection.path(), why));
}

void check_schema(Connection& connection) {
  const std::int64_t owner = connection.query_integer("PRAGMA application_id");
  if (owner != application_id) refuse_file(connection, "belongs to another program; choose another [storage] path or --db");
  const std::int64_t version = connection.query_integer("PRAGMA user_version");
  if (version > schema_version) {
    refuse_file(connection, fmt::format("was written by a newer candled (schema {}, this one knows {})", version, schema_version));
  }
}

void create(Connection& connection) {
  Transaction transaction(connection);
  connection.execute(tables);
  connection.execute(candle_table);
  connection.execute(tables_since_2);
  connection.execute(book_table);
  connection.execute(order_table);
  connection.execute(views);
  connection.execute(books_view);
  connection.execute(orders_view);
  connection.execute(backtest_tables);
  connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, schema_version).c_str());
  transaction.commit();
}

// Version 1 had candles without the tape, and none that was imported.
void from_version_1(Connection& connection) {
  connection.execute("ALTER TABLE candle RENAME TO candle_1");
  connection.execute(candle_table);
  connection.execute(
      "INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, closed, sequence) "
      "SELECT market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, closed, sequence FROM candle_1");
  connection.execute("DROP TABLE candle_1");
  connection.execute(tables_since_2);
  connection.execute(book_table);
  connection.execute(order_table);
  if (connection.query_integer("SELECT count(*) FROM pragma_table_info('prediction') WHERE name = 'expired'") == 0)
    connection.execute("ALTER TABLE prediction ADD COLUMN expired INTEGER NOT NULL DEFAULT 0; ALTER TABLE prediction ADD COLUMN contributions TEXT");
  connection.execute("INSERT INTO promotion (model, decided, why, sequence) SELECT model, 0, 'by an older candled', sequence FROM takeover ORDER BY sequence");
  // The stations' states of that version cannot be read any more: they are made anew from what is recorded.
  connection.execute("DELETE FROM checkpoint; UPDATE stream SET checkpoint_sequence = 0");
}

// All in one transaction: a migration that is cut short has not happened.
void migrate(Connection& connection) {
  const std::int64_t version = connection.query_integer("PRAGMA user_version");
  if (version == schema_version) return connection.execute(tables_since_2);  // some came while the version grew
  Transaction transaction(connection);
  for (const char* view : {"trades", "candles", "predictions", "fills", "equity", "models", "gaps", "pauses", "promotions", "books", "orders"}) {
    connection.execute(fmt::format("DROP VIEW IF EXISTS {}", view).c_str());
  }
  if (version < 2) from_version_1(connection);
  connection.execute(views);
  connection.execute(books_view);
  connection.execute(orders_view);
  connection.execute(backtest_tables);
  connection.execute(fmt::format("PRAGMA user_version = {}", schema_version).c_str());
  transaction.commit();
}

}  // namespace

void check_readable(Connection& connection) {
  check_schema(connection);
  if (connection.query_integer("PRAGMA user_version") < schema_version) {
    refuse_file(connection, "was written by an older candled; start the daemon on it once, which brings it up to date");
  }
}

void prepare_schema(Connection& connection) {
  const bool empty = connection.query_integer("SELECT count(*) FROM sqlite_schema") == 0 &&
                     connection.query_integer("PRAGMA application_id") == 0;
  if (!empty) check_schema(connection);
  connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432; "
                     "PRAGMA cache_size = -16384");
  if (empty) {
    create(connection);
  } else {
    migrate(connection);
  }
}

}  // namespace candled::store
