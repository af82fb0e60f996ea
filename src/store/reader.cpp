#include "candled/store/reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "candled/domain/unproven.hpp"
#include "candled/store/journal_writer.hpp"
#include "store/book_row.hpp"
#include "store/candle_row.hpp"
#include "store/exact.hpp"
#include "store/names.hpp"
#include "store/reading.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/trade_order.hpp"
#include "store/trade_row.hpp"
#include "store/trade_search.hpp"

namespace candled::store {
namespace {

constexpr Duration stamp_disorder_max =
    Duration::seconds(5);  // times rise with ids but for neighbours; ingest drops the rest

using Trades = std::vector<Trade>;

// Those without ids stand in front of `own`.
Trades in_time_order(const Trades& trades, Trades::const_iterator own, std::optional<std::int64_t> last_own_id) {
  Trades ordered;
  ordered.reserve(trades.size());
  auto made = trades.begin();
  const auto made_end = own;
  while (made != made_end || own != trades.end()) {
    if (own == trades.end() || (made != made_end && made_goes_first(*made, *own, last_own_id))) {
      ordered.push_back(*made++);
    } else {
      last_own_id = own->id;
      ordered.push_back(*own++);
    }
  }
  return ordered;
}

}  // namespace

class Reader::Implementation {
 public:
  Implementation(const std::filesystem::path& path, MarketTable table)
      : connection(open_for_reading(path)), markets(find_markets(connection, table)) {}

  // Made per call: every caller here is rare, and a cached one would hold the file's old pages.
  Statement prepare(const std::string& sql) { return Statement(connection, sql); }
  std::int64_t id(MarketId market) const { return markets[index_of(market)]; }
  std::int64_t first_id_at(MarketId market, Timestamp time, TradeIds ids) {
    return first_trade_id_at(connection, id(market), time, ids);
  }
  std::int64_t past_id_at(MarketId market, Timestamp time, TradeIds ids) {
    return past_trade_id_at(connection, id(market), time, ids);
  }
  template <class Row>
  auto first(Statement& statement, Row row) {
    std::optional<decltype(row(statement))> value;
    while (statement.next()) {
      if (!value) value = row(statement);
    }
    return value;
  }

  Connection connection;
  std::vector<std::int64_t> markets;
};

Reader::Reader(const std::filesystem::path& path, MarketTable markets)
    : implementation_(reading([&] { return std::make_unique<Implementation>(path, std::move(markets)); })) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;

void Reader::hold() {
  reading([&] {
    implementation_->connection.execute("BEGIN");
    implementation_->connection.query_integer(
        "SELECT last_sequence FROM stream");  // the moment is that of the first reading
  });
}

StoredCursor Reader::cursor(MarketId market) const {
  return reading([&] {
    Implementation& self = *implementation_;
    StoredCursor cursor;
    Statement last = self.prepare(
        "SELECT trade_id, time FROM trade WHERE market = ? AND trade_id >= 0 ORDER BY trade_id DESC LIMIT 1");
    last.bind(self.id(market));
    while (last.next()) {
      cursor.last_trade_id = last.integer(0);
      cursor.last_trade_time.ns = last.integer(1);
    }
    Statement made = self.prepare(
        "SELECT trade_id, time FROM trade WHERE market = ? AND trade_id < 0 ORDER BY trade_id DESC LIMIT 1");
    made.bind(self.id(market));
    while (made.next()) cursor.last_made = StoredCursor::Made{made.integer(0), {made.integer(1)}};
    Statement sequence_gaps = self.prepare(
        "SELECT first_missing_id, last_missing_id, detected, proven_until FROM hole WHERE market = ? AND filled IS "
        "NULL "
        "ORDER BY first_missing_id");
    sequence_gaps.bind(self.id(market));
    while (sequence_gaps.next())
      cursor.open_sequence_gaps.push_back(
          {sequence_gaps.integer(0), sequence_gaps.integer(1), {sequence_gaps.integer(2)}, {sequence_gaps.integer(3)}});
    return cursor;
  });
}

std::optional<Timestamp> Reader::unproven_from(MarketId market) const {
  return reading([&] {
    Statement watermarks =
        implementation_->prepare("SELECT time, received FROM tick WHERE market = ? ORDER BY sequence DESC");
    watermarks.bind(implementation_->id(market));
    std::optional<Timestamp> unproven;  // the newest watermark
    Timestamp known{INT64_MIN};
    while (watermarks.next()) {
      const Watermark watermark{{watermarks.integer(0)}, {watermarks.integer(1)}};
      if (is_proven(watermark)) {
        known = watermark.time;
        break;
      }
      if (!unproven) unproven = watermark.time;
    }
    if (!unproven) return std::optional<Timestamp>();
    const StoredCursor trades = cursor(market);
    if (trades.last_trade_id) known = std::max(known, trades.last_trade_time);
    return known < *unproven ? std::optional(known) : std::nullopt;
  });
}

std::vector<IdRange> Reader::stored_ranges(MarketId market) const {
  return reading([&] {
    std::vector<IdRange> ranges;
    Statement s = implementation_->prepare(
        "SELECT min(trade_id), max(trade_id) FROM (SELECT trade_id, trade_id - row_number() OVER (ORDER BY trade_id) "
        "AS run "
        "FROM trade WHERE market = ? AND trade_id >= 0) GROUP BY run ORDER BY 1");
    s.bind(implementation_->id(market));
    while (s.next()) ranges.push_back({s.integer(0), s.integer(1), {}, {}});
    for (IdRange& range : ranges) {
      range.first_time = trade(market, range.first_id).value_or(Trade{}).time;
      range.last_time = trade(market, range.last_id).value_or(Trade{}).time;
    }
    return ranges;
  });
}

std::optional<Reader::TimeSpan> Reader::revision_due(MarketId market) const {
  return reading([&] {
    Statement s = implementation_->prepare("SELECT from_time, to_time FROM revision_due WHERE market = ?");
    s.bind(implementation_->id(market));
    return implementation_->first(s, [](Statement& row) { return TimeSpan{{row.integer(0)}, {row.integer(1)}}; });
  });
}

std::vector<Trade> Reader::trades_between(MarketId market, Timestamp from, Timestamp to) const {
  return reading([&] {
    std::vector<Trade> trades;
    Statement s = implementation_->prepare(
        std::string("SELECT ") + trade_columns +
        " FROM trade WHERE market = ? AND trade_id >= ? AND trade_id < ? AND time >= ? AND time < ? "
        "ORDER BY trade_id");
    const Timestamp last = to.ns > INT64_MAX - stamp_disorder_max.ns ? to : to + stamp_disorder_max;
    for (const TradeIds ids : {made_trade_ids, own_trade_ids}) {
      s.bind(implementation_->id(market), implementation_->first_id_at(market, from - stamp_disorder_max, ids),
             implementation_->past_id_at(market, last, ids), from.ns, to.ns);
      while (s.next()) trades.push_back(trade_of(s));
    }
    const auto own = std::ranges::find_if(trades, [](const Trade& trade) { return trade.id >= 0; });
    if (own == trades.begin() || own == trades.end()) return trades;
    const bool continues = this->trade(market, own->id - 1).has_value();
    return in_time_order(trades, own, continues ? std::optional(own->id - 1) : std::nullopt);
  });
}

std::optional<Trade> Reader::trade(MarketId market, std::int64_t id) const {
  return reading([&] {
    Statement s = implementation_->prepare(std::string("SELECT ") + trade_columns +
                                           " FROM trade WHERE market = ? AND trade_id = ?");
    s.bind(implementation_->id(market), id);
    return implementation_->first(s, [](Statement& row) { return trade_of(row); });
  });
}

std::int64_t Reader::count_of_trades(MarketId market, std::int64_t first_id, std::int64_t last_id) const {
  return reading([&] {
    Statement s =
        implementation_->prepare("SELECT count(*) FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ?");
    s.bind(implementation_->id(market), first_id, last_id);
    return implementation_->first(s, [](Statement& row) { return row.integer(0); }).value_or(0);
  });
}

std::optional<Timestamp> Reader::first_trade_time(MarketId market) const {
  return reading([&] {
    Statement s = implementation_->prepare(
        "SELECT time FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ? ORDER BY trade_id LIMIT 1");
    std::optional<Timestamp> earliest;
    for (const TradeIds ids : {made_trade_ids, own_trade_ids}) {
      s.bind(implementation_->id(market), ids.first, ids.last);
      const auto time = implementation_->first(s, [](Statement& row) { return Timestamp{row.integer(0)}; });
      if (time && (!earliest || *time < *earliest)) earliest = time;
    }
    return earliest;
  });
}

std::optional<Trade> Reader::last_trade_before(MarketId market, Timestamp time) const {
  return reading([&] {
    Statement s = implementation_->prepare(
        std::string("SELECT ") + trade_columns +
        " FROM trade WHERE market = ? AND trade_id >= ? AND trade_id < ? AND time < ? ORDER BY trade_id DESC LIMIT 1");
    std::optional<Trade> latest;
    for (const TradeIds ids : {made_trade_ids, own_trade_ids}) {
      s.bind(implementation_->id(market), ids.first,
             implementation_->past_id_at(market, time + stamp_disorder_max, ids), time.ns);
      const auto trade = implementation_->first(s, [](Statement& row) { return trade_of(row); });
      if (trade && (!latest || trade->time >= latest->time)) latest = trade;
    }
    return latest;
  });
}

std::vector<Candle> Reader::candles(MarketId market, Timestamp from, Timestamp to) const {
  return reading([&] {
    std::vector<Candle> candles;
    Statement s = implementation_->prepare(std::string("SELECT ") + candle_columns +
                                           " FROM candle "
                                           "WHERE market = ? AND open_time >= ? AND open_time < ? ORDER BY open_time");
    s.bind(implementation_->id(market), from.ns, to.ns);
    while (s.next()) candles.push_back(candle_of(s));
    return candles;
  });
}

std::vector<Candle> Reader::candles_made_later(MarketId market, Timestamp from, Timestamp to) const {
  return reading([&] {
    std::vector<Candle> candles;
    Statement s = implementation_->prepare(std::string("SELECT ") + candle_columns +
                                           " FROM candle WHERE market = ? AND open_time >= ? AND open_time < ? AND "
                                           "(revision > 0 OR sequence = 0) AND (buy_trades IS NOT NULL OR (state = 2 "
                                           "AND revision > 0)) ORDER BY open_time");
    s.bind(implementation_->id(market), from.ns, to.ns);
    while (s.next()) candles.push_back(candle_of(s));
    return candles;
  });
}

std::vector<Candle> Reader::candles_after(MarketId market, Timestamp after, std::size_t count_max,
                                          std::int64_t sequence_max) const {
  return reading([&] {
    std::vector<Candle> candles;
    Statement s = implementation_->prepare(
        std::string("SELECT ") + candle_columns +
        " FROM candle WHERE market = ? AND open_time > ? AND sequence <= ? ORDER BY open_time LIMIT ?");
    s.bind(implementation_->id(market), after.ns, sequence_max, static_cast<std::int64_t>(count_max));
    while (s.next()) candles.push_back(candle_of(s));
    return candles;
  });
}

bool Reader::rows_are_of(MarketId market, const std::string& feature_hash) const {
  return reading([&] {
    Statement s = implementation_->prepare("SELECT 1 FROM feature_rows WHERE market = ? AND hash = ?");
    s.bind(implementation_->id(market), feature_hash);
    return implementation_->first(s, [](Statement&) { return true; }).value_or(false);
  });
}

std::vector<BookFacts> Reader::book_facts(MarketId market, Timestamp from, Timestamp to) const {
  return reading([&] {
    std::vector<BookFacts> facts;
    Statement s = implementation_->prepare(
        std::string("SELECT ") + book_columns +
        " FROM book_fact WHERE market = ? AND open_time >= ? AND open_time < ? AND NOT late ORDER BY open_time");
    s.bind(implementation_->id(market), from.ns, to.ns);
    while (s.next()) facts.push_back(book_of(s));
    return facts;
  });
}

std::int64_t Reader::candle_count(MarketId market, Timestamp from, const std::string& feature_hash) const {
  return reading([&] {
    Statement s =
        implementation_->prepare("SELECT count(*) FROM feature WHERE market = ? AND open_time >= ? AND hash = ?");
    s.bind(implementation_->id(market), from.ns, feature_hash);
    return implementation_->first(s, [](Statement& row) { return row.integer(0); }).value_or(0);
  });
}

std::optional<Timestamp> Reader::last_candle_open_time(MarketId market) const {
  return reading([&] {
    Statement s =
        implementation_->prepare("SELECT open_time FROM candle WHERE market = ? ORDER BY open_time DESC LIMIT 1");
    s.bind(implementation_->id(market));
    return implementation_->first(s, [](Statement& row) { return Timestamp{row.integer(0)}; });
  });
}

std::optional<Duration> Reader::last_candle_lag(MarketId market, Duration interval) const {
  return reading([&] {
    Statement s = implementation_->prepare(
        "SELECT closed - open_time FROM candle WHERE market = ? ORDER BY open_time DESC LIMIT 1");
    s.bind(implementation_->id(market));
    return implementation_->first(s, [&](Statement& row) { return Duration{row.integer(0)} - interval; });
  });
}

StoredRows Reader::training_rows(MarketId market, Timestamp from, const std::string& feature_hash, std::size_t width,
                                 const Stop& stop) const {
  constexpr std::size_t stop_stride = 256;
  return reading([&] {
    StoredRows rows;
    Statement s = implementation_->prepare(
        "SELECT c.open_time, c.close, c.state, f.row, c.high, c.low FROM candle c LEFT JOIN feature f ON f.market = "
        "c.market AND "
        "f.open_time = c.open_time AND f.hash = ?3 WHERE c.market = ?1 AND c.open_time >= ?2 ORDER BY c.open_time");
    s.bind(implementation_->id(market), from.ns, feature_hash);
    while (s.next()) {
      if (rows.open_times.size() % stop_stride == 0 && asked_to(stop)) break;
      rows.open_times.push_back({s.integer(0)});
      rows.closes.push_back(exact<Price>(s, 1));
      rows.states.push_back(static_cast<CandleState>(s.integer(2)));
      rows.highs.push_back(exact<Price>(s, 4));
      rows.lows.push_back(exact<Price>(s, 5));
      const std::string_view blob = s.blob(3);
      const std::size_t at = rows.features.size();
      rows.features.resize(at + width, std::nan(""));
      if (blob.size() == width * sizeof(double) && width > 0) std::memcpy(&rows.features[at], blob.data(), blob.size());
    }
    return rows;
  });
}

RecordBounds Reader::bounds(MarketId market) const {
  return reading([&] {
    Statement s = implementation_->prepare(
        "SELECT complete_from, trades_pruned_before, features_pruned_before FROM record_bounds WHERE market = ?");
    s.bind(implementation_->id(market));
    const auto time = [](Statement& row, int column) {
      return row.is_null(column) ? std::optional<Timestamp>() : Timestamp{row.integer(column)};
    };
    return implementation_
        ->first(s, [&](Statement& row) { return RecordBounds{time(row, 0), time(row, 1), time(row, 2)}; })
        .value_or(RecordBounds{});
  });
}

}  // namespace candled::store
