#include "store/schema.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <vector>

#include "store/backtest_tables.hpp"
#include "store/book_row.hpp"
#include "store/migrate.hpp"
#include "store/order_row.hpp"
#include "store/rewrite.hpp"
#include "store/trial_tables.hpp"
#include "store/views.hpp"

namespace candled::store {
namespace {

constexpr std::int64_t application_id = 0x63616e64;  // "cand"

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
// Which list all feature rows of a market are of; another one, or none: they are rebuilt.
// trade_replaced: trades without ids whose place others with ids took, as they came; a replay needs them.
// feature_due: a candle has changed there, and what was made from stored candles from it on is not rebuilt yet.
constexpr const char* tables_beside = R"sql(
CREATE TABLE run (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, version TEXT NOT NULL, config TEXT NOT NULL);
CREATE TABLE run_state (run INTEGER NOT NULL, station TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (run, station)) WITHOUT ROWID;
CREATE TABLE pause (sequence INTEGER PRIMARY KEY, paused INTEGER NOT NULL, asked INTEGER NOT NULL);
CREATE TABLE promotion (id INTEGER PRIMARY KEY, model TEXT NOT NULL, decided INTEGER NOT NULL, why TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE feature_due (market INTEGER PRIMARY KEY, from_time INTEGER NOT NULL);
CREATE TABLE feature_rows (market INTEGER PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE trade_numbering (market INTEGER PRIMARY KEY, numbering TEXT NOT NULL);
CREATE TABLE record_bounds (market INTEGER PRIMARY KEY, complete_from INTEGER, trades_pruned_before INTEGER, features_pruned_before INTEGER,
  trades_replaced INTEGER);
CREATE TABLE trade_replaced (market INTEGER NOT NULL, sequence INTEGER NOT NULL, trade_id INTEGER NOT NULL, time INTEGER NOT NULL,
  received INTEGER NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL, side INTEGER NOT NULL, source INTEGER NOT NULL,
  order_type INTEGER NOT NULL, late INTEGER NOT NULL, PRIMARY KEY (market, sequence, trade_id)) WITHOUT ROWID;
)sql";

[[noreturn]] void refuse_file(const Connection& connection, const std::string& why) {
  throw SqliteError(SQLITE_NOTADB, fmt::format("database {} {}", connection.path(), why));
}

void create(Connection& connection, int version) {
  Transaction transaction(connection);
  for (const char* sql : {tables, candle_table, tables_beside, book_table, order_table, backtest_tables, trial_tables})
    connection.execute(sql);
  connection.execute(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, version).c_str());
  transaction.commit();
}

std::int64_t free_bytes(const std::filesystem::path& file) {
  std::error_code unknown;
  const std::filesystem::space_info space = std::filesystem::space(file, unknown);
  return unknown || space.available > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(space.available);
}

}  // namespace

void check_ours(Connection& connection) {
  const std::int64_t owner = connection.query_integer("PRAGMA application_id");
  if (owner != application_id)
    refuse_file(connection, "belongs to another program; choose another [storage] path or --db");
  const std::int64_t version = connection.query_integer("PRAGMA user_version");
  const int known = schema_version(migrations());
  if (version > known)
    refuse_file(connection,
                fmt::format("was written by a newer candled (schema {}, this one knows {})", version, known));
}

void prepare_reading(Connection& connection) {
  check_ours(connection);
  const std::int64_t version = connection.query_integer("PRAGMA user_version");
  for (const Migration& step : migrations()) {
    if (step.version <= version || step.is_readable(connection)) continue;
    refuse_file(connection, fmt::format("was written by an older candled (schema {}, and this one reads {}): start the "
                                        "daemon on it once, or on a copy, "
                                        "which brings it up to date",
                                        version, step.version));
  }
  see_whole_tables(connection);
}

void prepare_schema(Connection& connection, flow::Log* log) {
  const bool empty = connection.query_integer("SELECT count(*) FROM sqlite_schema") == 0 &&
                     connection.query_integer("PRAGMA application_id") == 0;
  if (!empty) check_ours(connection);
  connection.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA "
      "journal_size_limit = 33554432; "
      "PRAGMA cache_size = -16384");
  const std::vector<Migration> steps = migrations();
  if (empty) {
    create(connection, schema_version(steps));
  } else {
    migrate(connection, steps, free_bytes(connection.path()), log);
  }
  refresh_views(connection);
  see_whole_tables(connection);
}

}  // namespace candled::store
