#include "candled/store/journal_writer.hpp"

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "candled/store/checkpoint_reader.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/record_stream.hpp"

using namespace candled;
using namespace candled::store;

namespace {

std::filesystem::path fresh(const std::string& name) {
  const auto folder = std::filesystem::temp_directory_path() / ("candled_store_" + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder / "candled.sqlite";
}

const MarketTable markets{{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)}};

JournalSettings settings_for(const std::filesystem::path& path) {
  return {path, markets, {{"dynamic", "dynamic"}}, {{"abc", {"rsi_14", "ret_1"}}}};
}

constexpr Timestamp noon{1'735'732'800'000'000'000};  // 2025-01-01T12:00:00Z

Event trade_event(std::int64_t id, Timestamp time, const char* price, std::int64_t sequence) {
  Trade trade;
  trade.id = id;
  trade.time = time;
  trade.received = time;
  trade.price = *Price::parse(price);
  trade.quantity = *Quantity::parse("0.5");
  Event event = Event::of(MarketId{0}, trade);
  event.sequence = sequence;
  return event;
}

Event candle_event(Timestamp open_time, const char* close, CandleState state, std::int64_t sequence) {
  auto report = std::make_unique<CandleReport>();
  report->candle.open_time = open_time;
  report->candle.open = report->candle.high = report->candle.low = report->candle.close = *Price::parse(close);
  report->candle.volume = *Volume::parse("1.25");
  report->candle.trades = 3;
  report->candle.state = state;
  report->end = open_time + Duration::minutes(1);
  report->closed = report->end;
  report->features = {0.25, -1};
  report->prediction = Prediction{0.75, Duration::minutes(1), SignalKind::buy, "20250101_000000"};
  report->equity = {{StrategyId{0}, report->end, *Money::parse("9000"), *Amount::parse("0.01"), *Price::parse("100000"),
                     *Money::parse("10000")}};
  Event event = Event::of(MarketId{0}, std::move(report));
  event.sequence = sequence;
  return event;
}

// The rows of a query, values separated by '|', rows by newlines.
std::string query(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) == SQLITE_OK);
  std::string text;
  char* message = nullptr;
  auto append = [](void* out, int columns, char** values, char**) {
    auto& rows = *static_cast<std::string*>(out);
    for (int i = 0; i < columns; ++i)
      rows += std::string(i > 0 ? "|" : "") + (values[i] == nullptr ? "NULL" : values[i]);
    rows += '\n';
    return 0;
  };
  const int code = sqlite3_exec(handle, sql.c_str(), append, &text, &message);
  INFO((message != nullptr ? message : ""));
  REQUIRE(code == SQLITE_OK);
  sqlite3_close(handle);
  return text;
}

void write(JournalWriter& writer, std::vector<Event> events) {
  const Result<void> written = writer.write(events);
  INFO((written ? "" : written.error().message));
  REQUIRE(written.has_value());
}

template <class... More>
void write(JournalWriter& writer, Event first, More... more) {
  std::vector<Event> events;
  events.push_back(std::move(first));
  (events.push_back(std::move(more)), ...);
  write(writer, std::move(events));
}

void check_refused(const std::filesystem::path& path, const std::string& part_of_message) {
  CHECK_THROWS_WITH(JournalWriter(settings_for(path)),
                    Catch::Contains(part_of_message) && Catch::Contains(path.string()));
}

}  // namespace

TEST_CASE("what the journal writes is what the views show") {
  const auto path = fresh("views");
  JournalWriter writer(settings_for(path));
  write(writer, candle_event(noon, "100000.5", CandleState::traded, 1),
        candle_event(noon + Duration::minutes(1), "100001", CandleState::quiet, 1),
        candle_event(noon + Duration::minutes(2), "0", CandleState::gap, 1),
        trade_event(7, noon + Duration{1'234'567}, "100000.5", 1));
  CHECK(query(path, "SELECT * FROM trades") ==
        "kraken:BTC/USD|7|2025-01-01T12:00:00.001234Z|100000.5|0.5|buy|stream|0|2025-01-01T12:00:00.001234Z\n");
  CHECK(query(path, "SELECT * FROM candles ORDER BY open_time") ==
        "kraken:BTC/"
        "USD|1m|2025-01-01T12:00:00Z|100000.5|100000.5|100000.5|100000.5|1.25|0.0|3|traded|0|NULL|NULL|NULL|NULL|NULL|"
        "NULL\n"
        "kraken:BTC/"
        "USD|1m|2025-01-01T12:01:00Z|100001.0|100001.0|100001.0|100001.0|1.25|0.0|3|quiet|0|NULL|NULL|NULL|NULL|NULL|"
        "NULL\n"
        "kraken:BTC/USD|1m|2025-01-01T12:02:00Z|NULL|NULL|NULL|NULL|1.25|0.0|3|gap|0|NULL|NULL|NULL|NULL|NULL|NULL\n");
  // One minute ahead: known where the next candle is known.
  CHECK(
      query(path,
            "SELECT open_time, horizon, probability_up, signal, model, outcome FROM predictions ORDER BY open_time") ==
      "2025-01-01T12:00:00Z|1m|0.75|buy|20250101_000000|1\n"
      "2025-01-01T12:01:00Z|1m|0.75|buy|20250101_000000|NULL\n"
      "2025-01-01T12:02:00Z|1m|0.75|buy|20250101_000000|NULL\n");
  CHECK(query(path, "SELECT * FROM equity LIMIT 1") ==
        "dynamic|kraken:BTC/USD|2025-01-01T12:01:00Z|9000.0|0.01|100000.0|10000.0\n");
}

TEST_CASE("writing events again changes nothing, and a reader finds them in order") {
  const auto path = fresh("again");
  JournalWriter writer(settings_for(path));
  for (int round = 0; round < 2; ++round) {
    write(writer, trade_event(1, noon, "10", 1), trade_event(2, noon, "11", 2));
    write(writer, candle_event(noon, "11", CandleState::traded, 3), trade_event(3, noon, "12", 3));
  }
  const Reader reader(path, markets);
  CHECK(CheckpointReader(path, markets).position().last_sequence == 3);
  CHECK(reader.cursor(MarketId{0}).last_trade_id == 3);
  RecordStream events(path, markets, {1, {INT64_MIN}});
  const std::optional<RecordedEvent> first = events.next(), second = events.next();
  REQUIRE(second.has_value());
  CHECK(first->event.trade().id == 2);
  CHECK(second->event.sequence == 3);
  CHECK_FALSE(events.next().has_value());
  CHECK(reader.candle_count(MarketId{0}, {0}, "abc") == 1);
  CHECK(reader.candle_count(MarketId{0}, {0}, "other") == 0);
  const StoredRows rows = reader.training_rows(MarketId{0}, {0}, "abc", 2);
  CHECK(rows.features == std::vector<double>{0.25, -1});
}

TEST_CASE("sequence gaps are open until they are filled") {
  const auto path = fresh("holes");
  JournalWriter writer(settings_for(path));
  Event sequence_gap = Event::sequence_gap(MarketId{0}, SequenceGap{5, 9, noon, noon});
  sequence_gap.sequence = 2;
  write(writer, trade_event(4, noon, "10", 1), std::move(sequence_gap), trade_event(10, noon, "10", 3));
  const Reader reader(path, markets);
  REQUIRE(reader.cursor(MarketId{0}).open_sequence_gaps.size() == 1);
  CHECK(reader.stored_ranges(MarketId{0}).size() == 2);
  CHECK(query(path, "SELECT * FROM gaps") == "kraken:BTC/USD|5|9|2025-01-01T12:00:00Z|NULL\n");
  Event filled = Event::sequence_gap_filled(MarketId{0}, SequenceGap{5, 9, noon + Duration::minutes(1), {}});
  filled.sequence = 4;
  write(writer, std::move(filled));
  CHECK(reader.cursor(MarketId{0}).open_sequence_gaps.empty());
  CHECK(query(path, "SELECT filled FROM gaps") == "2025-01-01T12:01:00Z\n");
}

TEST_CASE("a revision counts up where a candle changes and only there") {
  const auto path = fresh("revision");
  JournalWriter writer(settings_for(path));
  write(writer, candle_event(noon, "10", CandleState::gap, 1), trade_event(1, noon, "10", 1));
  const Reader reader(path, markets);
  Candle candle = reader.candles(MarketId{0}, noon, noon + Duration{1}).front();
  CHECK(*writer.revise_candles(MarketId{0}, std::span(&candle, 1)) == 0);
  candle.state = CandleState::traded;
  CHECK(*writer.revise_candles(MarketId{0}, std::span(&candle, 1)) == 1);
  CHECK(reader.candles(MarketId{0}, noon, noon + Duration{1}).front().revision == 1);
}

TEST_CASE("a write that fails leaves nothing and may be repeated") {
  const auto path = fresh("repeat");
  JournalWriter writer(settings_for(path));
  write(writer, trade_event(1, noon, "10", 1));
  query(path, "ALTER TABLE candle RENAME TO candle_away");  // stands in for any statement that SQLite refuses half-way
  std::vector<Event> slice;
  slice.push_back(trade_event(2, noon, "10", 2));
  slice.push_back(candle_event(noon, "10", CandleState::traded, 3));
  slice.push_back(trade_event(3, noon, "10", 3));
  CHECK_FALSE(writer.write(slice).has_value());
  CHECK(query(path, "SELECT count(*) FROM trade") == "1\n");
  query(path, "ALTER TABLE candle_away RENAME TO candle");
  write(writer, std::move(slice));
  CHECK(query(path, "SELECT count(*) FROM trade") == "3\n");
}

TEST_CASE("a file that is not ours is refused by name and left as it was") {
  SECTION("not a database") {
    const auto path = fresh("text");
    std::ofstream(path) << std::string(5000, 'x');
    check_refused(path, "not a database");
    CHECK(std::filesystem::file_size(path) == 5000);
  }
  SECTION("another program's database") {
    const auto path = fresh("foreign");
    query(path, "CREATE TABLE recipe (name TEXT)");
    check_refused(path, "belongs to another program");
    CHECK(query(path, "SELECT name FROM sqlite_schema") == "recipe\n");
  }
  SECTION("written by a newer candled") {
    const auto path = fresh("newer");
    {
      JournalWriter writer(settings_for(path));
    }
    query(path, "PRAGMA user_version = 99");
    check_refused(path, "newer candled");
  }
  SECTION("a folder that does not exist") { check_refused("/nonexistent/candled.sqlite", "No such file"); }
}

TEST_CASE("what is not known of a candle is NULL, and comes back so") {
  const auto path = fresh("unknown");
  JournalWriter writer(settings_for(path));
  Event event = candle_event(noon, "10", CandleState::traded, 1);
  Candle& candle = event.report().candle;
  candle.buy_volume_known = candle.trades_known = false;
  candle.trades = 0;
  const Candle without = candle;
  Event with = candle_event(noon + Duration::minutes(1), "11", CandleState::traded, 1);
  with.report().candle.tape = {true, 3, 2, 1, *Quantity::parse("1.5"), *Money::parse("12.5"), Duration::seconds(9)};
  const Candle told = with.report().candle;
  write(writer, std::move(event), std::move(with), trade_event(1, noon, "10", 1));
  CHECK(query(path, "SELECT buy_volume IS NULL, trades IS NULL, largest IS NULL FROM candles LIMIT 1") == "1|1|1\n");
  const Reader reader(path, markets);
  CHECK(reader.candles(MarketId{0}, noon, noon + Duration::minutes(2)) == std::vector{without, told});
}

TEST_CASE("one process writes, and a market keeps its interval") {
  const auto path = fresh("lock");
  {
    JournalWriter writer(settings_for(path));
    check_refused(path, "in use by another candled");
  }
  JournalSettings other = settings_for(path);
  other.markets[0].interval = Duration::minutes(5);
  CHECK_THROWS_WITH(JournalWriter(other),
                    Catch::Contains("holds 1m candles of kraken:BTC/USD, the config asks for 5m"));
}
