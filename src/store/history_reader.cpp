#include "candled/store/history_reader.hpp"

#include <algorithm>
#include <cstring>

#include "candled/store/journal_writer.hpp"
#include "store/book_row.hpp"
#include "store/candle_row.hpp"
#include "store/names.hpp"
#include "store/reading.hpp"
#include "store/record_source.hpp"
#include "store/sqlite.hpp"
#include "store/trade_order.hpp"
#include "store/trade_search.hpp"

namespace candled::store {
namespace {

constexpr std::size_t trades_per_page = 2'000;
constexpr std::int64_t of_any_origin = -1;  // trades that no head event brought have the number 0
constexpr Duration stamp_disorder_max = Duration::seconds(5);

std::vector<double> row_of(std::string_view bytes) {
  std::vector<double> row(bytes.size() / sizeof(double));
  if (!row.empty()) std::memcpy(row.data(), bytes.data(), row.size() * sizeof(double));
  return row;
}

// The trades of one class of ids, in the order of the ids.
class TradeRun {
 public:
  TradeRun(const Connection& connection, std::int64_t market, TradeIds ids)
      : connection_(connection), market_(market), ids_(ids), trades_(trades_of(connection, MarketId{}, market, ids)) {}

  void seek(Timestamp from) {
    page_.clear();
    at_ = 0;
    at_end_ = false;
    next_id_ = first_trade_id_at(connection_, market_, from - stamp_disorder_max, ids_);
    // The last one before the time is wanted too.
    Statement before(connection_,
                     "SELECT trade_id FROM trade WHERE market = ? AND trade_id >= ? AND trade_id < ? ORDER BY trade_id "
                     "DESC LIMIT 1");
    before.bind(market_, ids_.first, next_id_);
    while (before.next()) next_id_ = before.integer(0);
    std::optional<Trade> last;
    while (front() != nullptr && front()->time < from) {
      last = *front();
      ++at_;
    }
    last_before_ = last;
  }
  const Trade* front() {
    if (last_before_) return &*last_before_;
    if (at_ == page_.size() && !at_end_) read();
    return at_ == page_.size() ? nullptr : &page_[at_].event.event.trade();
  }
  void pop() {
    if (last_before_) {
      last_before_.reset();
    } else {
      ++at_;
    }
  }

 private:
  void read() {
    page_.clear();
    at_ = 0;
    trades_.read(next_id_, ids_.last, of_any_origin, trades_per_page, page_);
    at_end_ = page_.size() < trades_per_page || page_.back().key == ids_.last;
    if (!at_end_) next_id_ = page_.back().key + 1;
  }

  const Connection& connection_;
  const std::int64_t market_;
  const TradeIds ids_;
  RecordSource trades_;
  std::vector<RecordSource::Row> page_;
  std::size_t at_ = 0;
  std::optional<Trade> last_before_;  // the last trade before the time that was sought
  std::int64_t next_id_ = 0;
  bool at_end_ = true;
};

}  // namespace

class HistoryReader::Implementation {
 public:
  Implementation(const std::filesystem::path& path, const Market& market, std::string feature_hash)
      : connection(open_for_reading(path)),
        id(find_markets(connection, {market}).front()),
        hash(std::move(feature_hash)),
        candle_page(connection, std::string("SELECT ") + candle_columns +
                                    " FROM candle WHERE market = ? AND open_time >= ? ORDER BY open_time LIMIT ?"),
        row_page(connection,
                 "SELECT open_time, hash, row FROM feature WHERE market = ? AND open_time >= ? AND open_time <= ? "
                 "ORDER BY open_time"),
        made(connection, id, made_trade_ids),
        own(connection, id, own_trade_ids) {}

  std::optional<Timestamp> one_time(const std::string& sql, std::int64_t bound) {
    Statement s(connection, sql);
    s.bind(id, bound);
    std::optional<Timestamp> time;
    while (s.next()) {
      if (!s.is_null(0)) time = Timestamp{s.integer(0)};
    }
    return time;
  }
  void add_rows(std::vector<HistoryCandle>& page) {
    row_page.bind(id, page.front().candle.open_time.ns, page.back().candle.open_time.ns);
    auto at = page.begin();
    while (row_page.next()) {
      const Timestamp open_time{row_page.integer(0)};
      while (at != page.end() && at->candle.open_time < open_time) ++at;
      if (at != page.end() && at->candle.open_time == open_time && row_page.text(1) == hash)
        at->features = row_of(row_page.blob(2));
    }
  }
  void add_books(std::vector<HistoryCandle>& page) {
    Statement s(
        connection,
        std::string("SELECT ") + book_columns +
            " FROM book_fact WHERE market = ? AND open_time >= ? AND open_time <= ? AND NOT late ORDER BY open_time");
    s.bind(id, page.front().candle.open_time.ns, page.back().candle.open_time.ns);
    auto at = page.begin();
    while (s.next()) {
      const BookFacts facts = book_of(s);
      while (at != page.end() && at->candle.open_time < facts.open_time) ++at;
      if (at != page.end() && at->candle.open_time == facts.open_time) at->book = facts;
    }
  }

  Connection connection;
  std::int64_t id;
  std::string hash;
  Statement candle_page, row_page;
  TradeRun made, own;
  std::optional<std::int64_t> last_own_id;  // given out
};

HistoryReader::HistoryReader(const std::filesystem::path& path, const Market& market, std::string feature_hash)
    : implementation_(
          reading([&] { return std::make_unique<Implementation>(path, market, std::move(feature_hash)); })) {}
HistoryReader::~HistoryReader() = default;

HistoryExtent HistoryReader::extent(Timestamp from, Timestamp to) const {
  return reading([&] {
    Implementation& self = *implementation_;
    HistoryExtent extent;
    Statement candles(self.connection,
                      "SELECT min(open_time), max(open_time), count(*), total(state = 2) FROM candle "
                      "WHERE market = ? AND open_time >= ? AND open_time < ?");
    candles.bind(self.id, from.ns, to.ns);
    while (candles.next()) {
      extent.candles = candles.integer(2);
      extent.gaps = static_cast<std::int64_t>(candles.real(3));
      if (extent.candles == 0) continue;
      extent.first_candle = Timestamp{candles.integer(0)};
      extent.last_candle = Timestamp{candles.integer(1)};
    }
    for (TradeRun* run : {&self.made, &self.own}) {
      run->seek(from);
      while (run->front() != nullptr && run->front()->time < from) run->pop();
      extent.has_trades |= run->front() != nullptr && run->front()->time < to;
    }
    return extent;
  });
}

std::int64_t HistoryReader::row_count(Timestamp from, Timestamp to) const {
  return reading([&] {
    Statement rows(implementation_->connection,
                   "SELECT count(*) FROM feature WHERE market = ? AND open_time >= ? AND open_time < ? AND hash = ?");
    rows.bind(implementation_->id, from.ns, to.ns, implementation_->hash);
    std::int64_t count = 0;
    while (rows.next()) count = rows.integer(0);
    return count;
  });
}

std::optional<Timestamp> HistoryReader::begin() const {
  return reading([&] {
    return implementation_->one_time(
        "SELECT open_time FROM candle WHERE market = ? AND open_time >= ? ORDER BY open_time LIMIT 1", INT64_MIN);
  });
}

std::optional<Timestamp> HistoryReader::end() const {
  return reading([&] {
    return implementation_->one_time(
        "SELECT c.open_time + m.interval_ns FROM candle c JOIN market m ON m.id = c.market "
        "WHERE c.market = ? AND c.open_time <= ? ORDER BY c.open_time DESC LIMIT 1",
        INT64_MAX);
  });
}

std::vector<HistoryCandle> HistoryReader::candles(Timestamp from, std::size_t count_max, bool with_features) {
  return reading([&] {
    Implementation& self = *implementation_;
    std::vector<HistoryCandle> page;
    self.candle_page.bind(self.id, from.ns, static_cast<std::int64_t>(count_max));
    while (self.candle_page.next()) page.push_back({candle_of(self.candle_page), {}, {}});
    if (page.empty()) return page;
    if (with_features) self.add_rows(page);
    self.add_books(page);
    return page;
  });
}

std::optional<Timestamp> HistoryReader::open_time_before(Timestamp from, std::int64_t candles) const {
  return reading([&] {
    Implementation& self = *implementation_;
    Statement s(self.connection,
                "SELECT min(open_time) FROM (SELECT open_time FROM candle WHERE market = ? AND open_time < ? ORDER BY "
                "open_time DESC LIMIT ?)");
    s.bind(self.id, from.ns, candles);
    std::optional<Timestamp> time;
    while (s.next()) {
      if (!s.is_null(0)) time = Timestamp{s.integer(0)};
    }
    return time;
  });
}

void HistoryReader::seek_trades(Timestamp from) {
  reading([&] {
    TradeRun& made = implementation_->made;
    TradeRun& own = implementation_->own;
    made.seek(from);
    own.seek(from);
    implementation_->last_own_id.reset();
    // One trade in front of the time is enough: the later one.
    const bool both =
        made.front() != nullptr && own.front() != nullptr && made.front()->time < from && own.front()->time < from;
    if (both) (made.front()->time < own.front()->time ? made : own).pop();
    return 0;
  });
}

std::optional<Trade> HistoryReader::next_trade() {
  return reading([&]() -> std::optional<Trade> {
    TradeRun& made = implementation_->made;
    TradeRun& own = implementation_->own;
    const Trade* a = made.front();
    const Trade* b = own.front();
    if (a == nullptr && b == nullptr) return std::nullopt;
    const bool made_first = b == nullptr || (a != nullptr && made_goes_first(*a, *b, implementation_->last_own_id));
    TradeRun& first = made_first ? made : own;
    const Trade trade = *first.front();
    if (!made_first) implementation_->last_own_id = trade.id;
    first.pop();
    return trade;
  });
}

Timestamp HistoryReader::proven_until(std::int64_t first_missing_id) const {
  return reading([&] {
    Statement s(implementation_->connection, "SELECT proven_until FROM hole WHERE market = ? AND first_missing_id = ?");
    s.bind(implementation_->id, first_missing_id);
    Timestamp proven;
    while (s.next()) proven = Timestamp{s.integer(0)};
    return proven;
  });
}

}  // namespace candled::store
