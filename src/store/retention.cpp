#include "candled/store/retention.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include "candled/store/journal_writer.hpp"
#include "store/in_transaction.hpp"
#include "store/names.hpp"
#include "store/rewrite.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {
namespace {

constexpr Duration stamp_disorder_max = Duration::seconds(5);  // times rise with ids but for neighbours
constexpr int virtual_machine_steps = 20'000;                  // between two questions whether to go on

Connection open_beside_the_writer(const std::filesystem::path& path) {
  Connection connection(path, Access::read_write);
  prepare_reading(connection);
  connection.execute("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -2048");
  return connection;
}

template <class Work>
auto attempt(Work work) -> Result<decltype(work())> {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const SqliteError& error) {
    return remedy_of(error);
  }
}

std::int64_t bytes_of(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace

class Retention::Implementation {
 public:
  Implementation(const std::filesystem::path& file, const MarketTable& table)
      : path(file),
        connection(open_beside_the_writer(file)),
        markets(find_markets(connection, table)),
        complete(connection,
                 "INSERT INTO record_bounds (market, complete_from) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET "
                 "complete_from = min(coalesce(complete_from, ?2), ?2)"),
        pruned_trades(
            connection,
            "INSERT INTO record_bounds (market, trades_pruned_before) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET "
            "trades_pruned_before = max(coalesce(trades_pruned_before, ?2), ?2)"),
        pruned_features(
            connection,
            "INSERT INTO record_bounds (market, features_pruned_before) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET "
            "features_pruned_before = max(coalesce(features_pruned_before, ?2), ?2)"),
        old_trades(connection, "trade",
                   "market = ?1 AND trade_id >= ?3 AND trade_id <= ?4 AND time < ?2 "
                   "AND sequence <= (SELECT checkpoint_sequence FROM stream)"),  // what recovery would replay stays
        oldest_trades(
            connection,
            "SELECT trade_id, time FROM trade WHERE market = ?1 AND trade_id >= ?2 ORDER BY trade_id LIMIT ?3"),
        old_watermarks(connection,
                       "DELETE FROM tick WHERE market = ?1 AND time < ?2 AND sequence <= (SELECT checkpoint_sequence "
                       "FROM stream) AND "
                       "sequence IN (SELECT sequence FROM tick ORDER BY sequence LIMIT ?3)"),
        old_replaced(connection,
                     "DELETE FROM trade_replaced WHERE market = ?1 AND time < ?2 AND sequence IN (SELECT sequence FROM "
                     "trade_replaced WHERE market = ?1 AND sequence <= (SELECT checkpoint_sequence FROM stream) ORDER "
                     "BY sequence LIMIT ?3)"),
        // Between trades that went on purpose nothing is missing.
        old_sequence_gaps(connection,
                          "DELETE FROM hole WHERE market = ?1 AND filled IS NULL AND sequence <= (SELECT "
                          "checkpoint_sequence FROM stream) AND last_missing_id < "
                          "(SELECT min(trade_id) FROM trade WHERE market = ?1 AND trade_id >= 0) AND NOT EXISTS "
                          "(SELECT 1 FROM trade t WHERE t.market = ?1 AND t.trade_id = first_missing_id - 1)"),
        oldest_is_old(connection,
                      "SELECT 1 FROM (SELECT time, sequence FROM trade WHERE market = ?1 AND trade_id >= ?2 ORDER BY "
                      "trade_id LIMIT 1) "
                      "WHERE time < ?3 AND sequence <= (SELECT checkpoint_sequence FROM stream)"),
        has_features(connection, "SELECT 1 FROM feature WHERE market = ? AND open_time < ? LIMIT 1"),
        old_features(connection, "feature",
                     "market = ?1 AND open_time < ?2 AND open_time IN "
                     "(SELECT open_time FROM feature WHERE market = ?1 ORDER BY open_time LIMIT ?3)") {}

  std::int64_t id(MarketId market) const { return markets[index_of(market)]; }
  std::optional<Timestamp> time_of(const char* sql, MarketId market) {
    Statement s(connection, sql);
    s.bind(id(market));
    std::optional<Timestamp> time;
    while (s.next()) {
      if (!s.is_null(0)) time = Timestamp{s.integer(0)};
    }
    return time;
  }
  // Of the ids from `from` on, which rise with time: the last of at most `rows_max` whose trade is older; nothing if none is.
  std::optional<std::int64_t> last_old_id(MarketId market, std::int64_t from, Timestamp before, std::int64_t rows_max);
  std::int64_t delete_trades(MarketId market, std::int64_t from, Timestamp before, std::int64_t rows_max);

  const std::filesystem::path path;
  Connection connection;
  std::vector<std::int64_t> markets;
  Statement complete, pruned_trades, pruned_features;
  Deletion old_trades;
  Statement oldest_trades, old_watermarks, old_replaced, old_sequence_gaps, oldest_is_old, has_features;
  Deletion old_features;
};

Retention::Retention(const std::filesystem::path& path, const MarketTable& markets) {
  try {
    implementation_ = std::make_unique<Implementation>(path, markets);
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}
Retention::~Retention() = default;

Result<void> Retention::note_complete_from(MarketId market, Timestamp time) {
  Implementation& self = *implementation_;
  return attempt([&] { self.complete.bind(self.id(market), time.ns).run(); });
}

Result<Timestamp> Retention::prunable_before(MarketId market, Duration interval, Timestamp intended) {
  Implementation& self = *implementation_;
  return attempt([&] {
    Timestamp before = intended;
    const auto newest_candle = self.time_of("SELECT max(open_time) FROM candle WHERE market = ?1", market);
    const auto due = self.time_of("SELECT from_time FROM revision_due WHERE market = ?1", market);
    // What a sequence gap's revision looks at: the trade in front of it.
    const auto sequence_gap = self.time_of(
        "SELECT min(t.time) FROM hole h JOIN trade t ON t.market = h.market AND t.trade_id = h.first_missing_id - 1 "
        "WHERE h.market = ?1 AND h.filled IS NULL",
        market);
    for (const auto& limit : {newest_candle, due, sequence_gap}) {
      if (limit) before = std::min(before, *limit);
    }
    if (!newest_candle || self.connection.query_integer("SELECT checkpoint_sequence FROM stream") == 0)
      return floor_to(Timestamp{} - stamp_disorder_max, interval);
    const auto pruned =
        self.time_of("SELECT trades_pruned_before FROM record_bounds WHERE market = ?1", market).value_or(Timestamp{});
    return std::max(floor_to(before - stamp_disorder_max, interval),
                    std::min(pruned, floor_to(intended - stamp_disorder_max, interval)));
  });
}

std::optional<std::int64_t> Retention::Implementation::last_old_id(MarketId market, std::int64_t from, Timestamp before,
                                                                   std::int64_t rows_max) {
  std::optional<std::int64_t> last;
  oldest_trades.bind(id(market), from, rows_max);
  bool ended = false;
  while (oldest_trades.next()) {
    ended = ended || oldest_trades.integer(1) >= (before + stamp_disorder_max).ns;
    if (!ended && oldest_trades.integer(1) < before.ns) last = oldest_trades.integer(0);
  }
  return last;
}

std::int64_t Retention::Implementation::delete_trades(MarketId market, std::int64_t from, Timestamp before,
                                                      std::int64_t rows_max) {
  const std::optional<std::int64_t> last = last_old_id(market, from, before, rows_max);
  if (!last) return 0;
  return old_trades.run(id(market), before.ns, from, *last);
}

Result<std::int64_t> Retention::prune_trades(MarketId market, Timestamp before, std::int64_t rows_max) {
  Implementation& self = *implementation_;
  return attempt([&] {
    Transaction transaction(self.connection);
    self.pruned_trades.bind(self.id(market), before.ns).run();
    std::int64_t rows = 0;
    // Ids that were made for trades without one are negative, and rise with time by themselves.
    for (const std::int64_t from : {INT64_MIN, std::int64_t{0}}) {
      if (rows < rows_max) rows += self.delete_trades(market, from, before, rows_max - rows);
    }
    if (rows < rows_max) {
      self.old_watermarks.bind(self.id(market), before.ns, rows_max).run();
      self.old_replaced.bind(self.id(market), before.ns, rows_max).run();
      self.old_sequence_gaps.bind(self.id(market)).run();
    }
    transaction.commit();
    return rows;
  });
}

Result<std::int64_t> Retention::prune_features(MarketId market, Timestamp before, std::int64_t rows_max) {
  Implementation& self = *implementation_;
  return attempt([&] {
    Transaction transaction(self.connection);
    self.pruned_features.bind(self.id(market), before.ns).run();
    const std::int64_t rows = self.old_features.run(self.id(market), before.ns, rows_max);
    transaction.commit();
    return rows;
  });
}

Result<bool> Retention::has_trades_before(MarketId market, Timestamp time) const {
  Implementation& self = *implementation_;
  return attempt([&] {
    bool found = false;
    for (const std::int64_t from : {INT64_MIN, std::int64_t{0}}) {
      self.oldest_is_old.bind(self.id(market), from, time.ns);
      while (self.oldest_is_old.next()) found = true;
    }
    return found;
  });
}

Result<bool> Retention::has_features_before(MarketId market, Timestamp time) const {
  Implementation& self = *implementation_;
  return attempt([&] {
    bool found = false;
    self.has_features.bind(self.id(market), time.ns);
    while (self.has_features.next()) found = true;
    return found;
  });
}

Result<void> Retention::empty_log() {
  sqlite3* const handle = implementation_->connection.handle();
  // A reader in the way is no reason to wait: the journal's thread is this one.
  sqlite3_busy_timeout(handle, 0);
  const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle, 5'000);
  if (code == SQLITE_OK) return {};
  return retry(std::string("the write-ahead log cannot be emptied: ") + sqlite3_errstr(code));
}

FileSizes Retention::sizes() const {
  const Implementation& self = *implementation_;
  FileSizes sizes{bytes_of(self.path), bytes_of(self.path.string() + "-wal"), 0};
  const auto free = attempt([&] {
    Connection& connection = implementation_->connection;
    return connection.query_integer("PRAGMA freelist_count") * connection.query_integer("PRAGMA page_size");
  });
  sizes.free_bytes = free.value_or(0);
  return sizes;
}

std::int64_t Retention::log_bytes() const { return bytes_of(implementation_->path.string() + "-wal"); }

bool Retention::has_moved() const {
  int moved = 0;
  const int code = sqlite3_file_control(implementation_->connection.handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved != 0;
}

Result<void> Retention::compact(const std::function<bool()>& keep_going) {
  sqlite3* const handle = implementation_->connection.handle();
  if (!keep_going()) return retry("stopped");
  sqlite3_progress_handler(
      handle, virtual_machine_steps,
      [](void* asked) { return (*static_cast<const std::function<bool()>*>(asked))() ? 0 : 1; },
      const_cast<void*>(static_cast<const void*>(&keep_going)));
  Result<void> done = attempt([&] { implementation_->connection.execute("VACUUM"); });
  sqlite3_progress_handler(handle, 0, nullptr, nullptr);
  if (!done) return done;
  return empty_log();
}

}  // namespace candled::store
