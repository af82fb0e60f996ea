#include "candled/store/import_writer.hpp"

#include <algorithm>

#include "candled/store/journal_writer.hpp"
#include "store/candle_row.hpp"
#include "store/feature_rows.hpp"
#include "store/in_transaction.hpp"
#include "store/names.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/trade_row.hpp"

namespace candled::store {
namespace {

constexpr std::int64_t gap = static_cast<std::int64_t>(CandleState::gap);

Connection open_beside_the_writer(const std::filesystem::path& path) {
  Connection connection(path, Access::read_write);
  prepare_reading(connection);
  connection.execute("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16384");
  return connection;
}

}  // namespace

class ImportWriter::Implementation {
 public:
  Implementation(const std::filesystem::path& path, const MarketTable& table)
      : connection(open_beside_the_writer(path)),
        markets(find_markets(connection, table)),
        candle(connection, std::string("INSERT INTO main.candle ") + candle_values + " ON CONFLICT DO UPDATE SET " +
                               candle_update +
                               ", revision = candle.revision + 1 WHERE candle.state = " + std::to_string(gap)),
        features(connection),
        ids(connection, "SELECT trade_id FROM trade WHERE market = ? AND trade_id >= ? ORDER BY trade_id LIMIT ?"),
        numbered(connection, std::string("SELECT ") + trade_columns +
                                 " FROM trade WHERE market = ? AND trade_id >= max(?, 0) ORDER BY trade_id LIMIT ?"),
        id_before(connection,
                  "SELECT trade_id FROM trade WHERE market = ? AND trade_id < ? ORDER BY trade_id DESC LIMIT 1") {}

  std::int64_t id(MarketId market) const { return markets[index_of(market)]; }

  void fill_sequence_gap(MarketId market, IdSpan sequence_gap, Timestamp now, std::span<const IdSpan> missing);

  Connection connection;
  std::vector<std::int64_t> markets;
  Statement candle;
  FeatureRows features;
  Statement ids, numbered, id_before;
};

ImportWriter::ImportWriter(const std::filesystem::path& path, MarketTable markets) {
  try {
    implementation_ = std::make_unique<Implementation>(path, markets);
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}
ImportWriter::~ImportWriter() = default;

Result<void> ImportWriter::write_candles(MarketId market, const std::string& feature_hash,
                                         std::span<const CandleImport> rows) {
  Implementation& self = *implementation_;
  return in_transaction(self.connection, [&] {
    for (const CandleImport& row : rows) {
      if (!row.is_stored) {
        bind_candle(self.candle, self.id(market), row.candle, Timestamp{}, 0);
        self.candle.run();
      }
      if (row.features.empty()) continue;
      const StoredFeatures made{row.candle.open_time, row.features};
      self.features.replace(self.id(market), feature_hash, {&made, 1});
    }
  });
}

std::optional<Timestamp> ImportWriter::first_candle_open_time(MarketId market) const {
  Implementation& self = *implementation_;
  try {
    Statement statement(self.connection, "SELECT open_time FROM candle WHERE market = ? ORDER BY open_time LIMIT 1");
    statement.bind(self.id(market));
    std::optional<Timestamp> first;
    while (statement.next()) first = Timestamp{statement.integer(0)};
    return first;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

std::optional<std::string> ImportWriter::numbering(MarketId market) const {
  Implementation& self = *implementation_;
  try {
    Statement statement(self.connection, "SELECT numbering FROM trade_numbering WHERE market = ?");
    statement.bind(self.id(market));
    std::optional<std::string> found;
    while (statement.next()) found = std::string(statement.text(0));
    return found;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

Result<void> ImportWriter::set_numbering(MarketId market, const std::string& numbering) {
  Implementation& self = *implementation_;
  return in_transaction(self.connection, [&] {
    Statement statement(self.connection, "INSERT OR IGNORE INTO trade_numbering VALUES (?, ?)");
    statement.bind(self.id(market), numbering).run();
  });
}

std::vector<std::int64_t> ImportWriter::trade_ids(MarketId market, std::int64_t first, std::int64_t count) const {
  Implementation& self = *implementation_;
  try {
    std::vector<std::int64_t> found;
    self.ids.bind(self.id(market), first, count);
    while (self.ids.next()) found.push_back(self.ids.integer(0));
    return found;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

std::vector<Trade> ImportWriter::numbered_trades(MarketId market, std::int64_t first, std::int64_t count) const {
  Implementation& self = *implementation_;
  try {
    std::vector<Trade> found;
    self.numbered.bind(self.id(market), first, count);
    while (self.numbered.next()) found.push_back(trade_of(self.numbered));
    return found;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

std::optional<std::int64_t> ImportWriter::last_trade_id_before(MarketId market, std::int64_t id) const {
  Implementation& self = *implementation_;
  try {
    std::optional<std::int64_t> found;
    self.id_before.bind(self.id(market), id);
    while (self.id_before.next()) found = self.id_before.integer(0);
    return found;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

// In spans by rising first ids.
const IdSpan* find_first(std::span<const IdSpan> spans, std::int64_t first) {
  const auto at = std::ranges::lower_bound(spans, first, {}, &IdSpan::first);
  return at != spans.end() && at->first == first ? &*at : nullptr;
}

bool holds(std::span<const IdSpan> spans, IdSpan span) {
  const IdSpan* found = find_first(spans, span.first);
  return found != nullptr && *found == span;
}

// A sequence gap keeps its row for what of it is still missing from its first id on; what else is missing has rows of its own.
void ImportWriter::Implementation::fill_sequence_gap(MarketId market, IdSpan sequence_gap, Timestamp now,
                                                     std::span<const IdSpan> missing) {
  if (const IdSpan* kept = find_first(missing, sequence_gap.first)) {
    Statement shorten(connection, "UPDATE hole SET last_missing_id = ? WHERE market = ? AND first_missing_id = ?");
    shorten.bind(kept->last, id(market), sequence_gap.first).run();
    return;
  }
  Statement filled(connection, "UPDATE hole SET filled = ? WHERE market = ? AND first_missing_id = ?");
  filled.bind(now.ns, id(market), sequence_gap.first).run();
}

Result<std::vector<IdSpan>> ImportWriter::settle_sequence_gaps(MarketId market, IdSpan between,
                                                               std::span<const IdSpan> missing, Timestamp now) {
  Implementation& self = *implementation_;
  std::vector<IdSpan> gone;
  Result<void> settled = in_transaction(self.connection, [&] {
    std::vector<IdSpan> open;
    Statement sequence_gaps(
        self.connection,
        "SELECT first_missing_id, last_missing_id FROM hole WHERE market = ? AND filled IS NULL AND "
        "first_missing_id > ? AND "
        "last_missing_id < ? ORDER BY first_missing_id");
    sequence_gaps.bind(self.id(market), between.first, between.last);
    while (sequence_gaps.next()) open.push_back({sequence_gaps.integer(0), sequence_gaps.integer(1)});
    for (const IdSpan& sequence_gap : open) {
      if (holds(missing, sequence_gap)) continue;
      self.fill_sequence_gap(market, sequence_gap, now, missing);
      gone.push_back(sequence_gap);
    }
    Statement insert(self.connection,
                     "INSERT INTO hole (market, first_missing_id, last_missing_id, detected, proven_until, filled, "
                     "sequence) VALUES (?,?,?,?,0,NULL,0) "
                     "ON CONFLICT DO UPDATE SET last_missing_id = excluded.last_missing_id, filled = NULL");
    for (const IdSpan& sequence_gap : missing) {
      if (!holds(open, sequence_gap)) insert.bind(self.id(market), sequence_gap.first, sequence_gap.last, now.ns).run();
    }
  });
  if (!settled) return std::unexpected(settled.error());
  return gone;
}

}  // namespace candled::store
