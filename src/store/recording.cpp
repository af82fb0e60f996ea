#include "candled/store/recording.hpp"

#include <cstring>
#include <functional>
#include <string_view>
#include <utility>

#include "candled/store/journal_writer.hpp"
#include "store/book_row.hpp"
#include "store/candle_row.hpp"
#include "store/names.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/trade_row.hpp"

namespace candled::store {
namespace {

template <class Work>
auto reading(Work work) {
  try {
    return work();
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

Connection open_for_reading(const std::filesystem::path& path) {
  Connection connection(path, Access::read_only);
  check_readable(connection);
  connection.execute("BEGIN");  // one moment of the file for all that follows
  return connection;
}

RecordedEvent recorded(Event event, std::int64_t sequence) {
  event.sequence = sequence;
  return {event, {}, {}};
}

// One table of head events in the order of their numbers; the tape merges them.
class Source {
 public:
  using Read = std::function<RecordedEvent(const Statement& row)>;
  Source(Statement statement, Read read) : statement_(std::move(statement)), read_(std::move(read)) { step(); }

  const std::optional<RecordedEvent>& front() const { return front_; }
  RecordedEvent take() {
    RecordedEvent event = std::move(*front_);
    step();
    return event;
  }

 private:
  void step() { front_ = statement_.next() ? std::optional(read_(statement_)) : std::nullopt; }

  Statement statement_;
  Read read_;
  std::optional<RecordedEvent> front_;
};

Source trades_of(const Connection& connection, MarketId market, std::int64_t id) {
  Statement rows(connection, std::string("SELECT ") + trade_columns + " FROM trade WHERE market = ? AND sequence > 0 ORDER BY sequence");
  rows.bind(id);
  return {std::move(rows), [market](const Statement& row) { return recorded(Event::of(market, trade_of(row)), row.integer(trade_sequence_column)); }};
}

Source ticks_of(const Connection& connection, MarketId market, std::int64_t id) {
  Statement rows(connection, "SELECT time, received, sequence FROM tick WHERE market = ? ORDER BY sequence");
  rows.bind(id);
  return {std::move(rows), [market](const Statement& row) {
            return recorded(Event::of(market, Tick{{row.integer(0)}, {row.integer(1)}, true}), row.integer(2));
          }};
}

Source holes_of(const Connection& connection, MarketId market, std::int64_t id) {
  Statement rows(connection, "SELECT first_missing_id, last_missing_id, detected, proven_until, sequence FROM hole WHERE market = ? ORDER BY sequence");
  rows.bind(id);
  return {std::move(rows), [market](const Statement& row) {
            return recorded(Event::hole(market, Hole{row.integer(0), row.integer(1), {row.integer(2)}, {row.integer(3)}}), row.integer(4));
          }};
}

Source books_of(const Connection& connection, MarketId market, std::int64_t id) {
  Statement rows(connection, std::string("SELECT ") + book_columns + ", sequence FROM book_fact WHERE market = ? ORDER BY sequence");
  rows.bind(id);
  return {std::move(rows), [market](const Statement& row) {
            RecordedEvent event{Event::of(market, Tick{}), {}, std::make_shared<BookFacts>(book_of(row))};
            event.event.sequence = row.integer(book_column_count);
            return event;
          }};
}

Source pauses(const Connection& connection) {
  Statement rows(connection, "SELECT paused, asked, sequence FROM pause ORDER BY sequence");
  return {std::move(rows), [](const Statement& row) {
            return recorded(Event::of(Pause{row.integer(0) != 0, {row.integer(1)}}), row.integer(2));
          }};
}

Source takeovers(const Connection& connection) {
  Statement rows(connection, "SELECT model, sequence FROM takeover ORDER BY sequence");
  return {std::move(rows), [](const Statement& row) {
            RecordedEvent event{{}, std::string(row.text(0)), {}};
            event.event.sequence = row.integer(1);
            return event;
          }};
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::vector<double> row_of(std::string_view blob) {
  std::vector<double> row(blob.size() / sizeof(double));
  if (!row.empty()) std::memcpy(row.data(), blob.data(), row.size() * sizeof(double));
  return row;
}

}  // namespace

class Recording::Implementation {
 public:
  Implementation(const std::filesystem::path& path, const MarketTable& table)
      : connection(open_for_reading(path)),
        markets(find_markets(connection, table)),
        candle(connection, std::string("SELECT ") + candle_columns + ", closed, sequence FROM candle WHERE market = ? AND open_time = ?"),
        features(connection, "SELECT hash, row, sequence FROM feature WHERE market = ? AND open_time = ?"),
        prediction(connection, "SELECT probability_up, horizon, signal, model, stale, expired FROM prediction WHERE market = ? AND open_time = ?"),
        fill(connection, "SELECT f.time, f.decided_on, f.quantity, f.price, f.fee, f.side, f.reason FROM fill f JOIN strategy s ON s.id = f.strategy "
                         "WHERE s.name = ?2 AND f.market = ?1 AND f.number = ?3"),
        equity(connection, "SELECT e.cash, e.position, e.price, e.equity FROM equity_point e JOIN strategy s ON s.id = e.strategy "
                           "WHERE s.name = ?2 AND e.market = ?1 AND e.time = ?3") {
    for (std::size_t i = 0; i < markets.size(); ++i) {
      const auto market = static_cast<MarketId>(i);
      for (const auto& source : {trades_of, ticks_of, holes_of, books_of}) sources.push_back(source(connection, market, markets[i]));
    }
    sources.push_back(pauses(connection));
    sources.push_back(takeovers(connection));
  }

  std::int64_t id(MarketId market) const { return markets[index_of(market)]; }
  std::int64_t count(const char* table) {
    return connection.query_integer((std::string("SELECT count(*) FROM ") + table + " WHERE sequence > 0").c_str());
  }
  // The one row of a statement that was bound, if there is one.
  template <class Read>
  auto only(Statement& statement, Read read) {
    std::optional<decltype(read(statement))> value;
    while (statement.next()) value = read(statement);
    return value;
  }

  Connection connection;
  std::vector<std::int64_t> markets;
  std::vector<Source> sources;
  Statement candle, features, prediction, fill, equity;
};

Recording::Recording(const std::filesystem::path& path, MarketTable markets)
    : implementation_(reading([&] { return std::make_unique<Implementation>(path, markets); })) {}
Recording::~Recording() = default;
Recording::Recording(Recording&&) noexcept = default;

std::vector<RunRecord> Recording::runs() const {
  return reading([&] {
    std::vector<RunRecord> runs;
    Statement s(implementation_->connection, "SELECT sequence, version, config, rebuilt FROM run ORDER BY id");
    while (s.next()) runs.push_back({s.integer(0), std::string(s.text(1)), std::string(s.text(2)), split(s.text(3), ',')});
    return runs;
  });
}

std::optional<RecordedEvent> Recording::next() {
  return reading([&]() -> std::optional<RecordedEvent> {
    Source* first = nullptr;
    for (Source& source : implementation_->sources) {
      if (!source.front()) continue;
      if (first == nullptr || source.front()->event.sequence < first->front()->event.sequence) first = &source;
    }
    if (first == nullptr) return std::nullopt;
    return first->take();
  });
}

std::optional<RecordedCandle> Recording::candle(MarketId market, Timestamp open_time) {
  return reading([&] {
    Statement& s = implementation_->candle;
    s.bind(implementation_->id(market), open_time.ns);
    return implementation_->only(s, [](const Statement& row) {
      return RecordedCandle{candle_of(row), {row.integer(candle_column_count)}, row.integer(candle_column_count + 1)};
    });
  });
}

std::optional<RecordedFeatures> Recording::features(MarketId market, Timestamp open_time) {
  return reading([&] {
    Statement& s = implementation_->features;
    s.bind(implementation_->id(market), open_time.ns);
    return implementation_->only(s, [](const Statement& row) {
      return RecordedFeatures{std::string(row.text(0)), row_of(row.blob(1)), row.integer(2)};
    });
  });
}

std::optional<RecordedPrediction> Recording::prediction(MarketId market, Timestamp open_time) {
  return reading([&] {
    Statement& s = implementation_->prediction;
    s.bind(implementation_->id(market), open_time.ns);
    return implementation_->only(s, [](const Statement& row) {
      RecordedPrediction recorded;
      recorded.prediction.probability_up = row.real(0);
      recorded.prediction.horizon.ns = row.integer(1);
      recorded.prediction.signal = static_cast<SignalKind>(row.integer(2));
      recorded.prediction.model = std::string(row.text(3));
      recorded.prediction.expired = row.integer(5) != 0;
      recorded.stale = row.integer(4) != 0;
      return recorded;
    });
  });
}

std::optional<Fill> Recording::fill(MarketId market, const std::string& strategy, std::uint32_t number) {
  return reading([&] {
    Statement& s = implementation_->fill;
    s.bind(implementation_->id(market), strategy, static_cast<std::int64_t>(number));
    return implementation_->only(s, [number](const Statement& row) {
      Fill fill;
      fill.time.ns = row.integer(0);
      fill.decided_on.ns = row.integer(1);
      fill.quantity = Quantity::from_units(row.integer(2));
      fill.price = Price::from_units(row.integer(3));
      fill.fee = Money::from_units(row.integer(4));
      fill.side = static_cast<Side>(row.integer(5));
      fill.reason = static_cast<FillReason>(row.integer(6));
      fill.number = number;
      return fill;
    });
  });
}

std::optional<EquityPoint> Recording::equity(MarketId market, const std::string& strategy, Timestamp time) {
  return reading([&] {
    Statement& s = implementation_->equity;
    s.bind(implementation_->id(market), strategy, time.ns);
    return implementation_->only(s, [time](const Statement& row) {
      EquityPoint point;
      point.time = time;
      point.cash = Money::from_units(row.integer(0));
      point.position = Quantity::from_units(row.integer(1));
      point.price = Price::from_units(row.integer(2));
      point.equity = Money::from_units(row.integer(3));
      return point;
    });
  });
}

RecordedCounts Recording::counts() {
  return reading([&] {
    Implementation& self = *implementation_;
    return RecordedCounts{self.count("candle"), self.count("feature"), self.count("prediction"), self.count("fill"), self.count("equity_point")};
  });
}

}  // namespace candled::store
