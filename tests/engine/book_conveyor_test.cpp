// Order books on the conveyor: a candle has the facts of its interval, the same ones behind a crash, and a row rebuilt is the
// row that was made live.
#include <sqlite3.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "candled/engine/conveyor.hpp"
#include "candled/store/record_stream.hpp"
#include "engine/feature_rebuild.hpp"

using namespace candled;
using namespace candled::engine;

namespace {

const std::vector<std::string> names = {"rsi_7",     "book_spread_ratio", "book_imbalance_5",
                                        "mlofi_5_1", "mlofi_1_5",         "book_depth_ratio_5"};
constexpr Timestamp start{1'735'689'600'000'000'000};  // 2025-01-01T00:00:00Z

MarketTable one_market() { return {{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)}}; }

const BookFacts* book_of(const Event& event) { return event.kind() == EventKind::book ? &event.book() : nullptr; }

BookFacts facts_at(Timestamp open_time, std::mt19937_64& random) {
  BookFacts facts;
  facts.open_time = open_time;
  facts.updates = static_cast<std::uint32_t>(random() % 1000);
  facts.whole = random() % 10 != 0;
  facts.spread_mean = 1e-5 / static_cast<double>(random() % 7 + 3);
  facts.imbalance_mean = {-0.1, 0.2, 1.0 / 3.0};
  for (std::size_t i = 0; i < BookFacts::ranks_max; ++i) {
    const auto step = static_cast<std::int64_t>(i) * Price::scale;
    const auto amount = [&random] {
      return Quantity::from_units(static_cast<std::int64_t>(random() % 1'000'000'000 + 1));
    };
    facts.ranks[i] = {{Price::from_units(99 * Price::scale - step), amount()},
                      {Price::from_units(101 * Price::scale + step), amount()},
                      static_cast<double>(random() % 1000) / 7 - 70,
                      static_cast<double>(random() % 1000 + 1) / 9};
  }
  return facts;
}

// Each minute: trades, watermarks, and at its end the book; now and then no book, or one that comes when the candle has closed.
std::vector<Event> make_tape(std::uint64_t seed, int minutes) {
  std::mt19937_64 random(seed);
  std::vector<Event> tape;
  tape.push_back(Event::of(MarketId{0}, Watermark{start, start}));
  std::int64_t id = 100;
  std::optional<BookFacts> delayed;
  for (int minute = 0; minute < minutes; ++minute) {
    const Timestamp open = start + Duration::minutes(minute);
    for (int i = 0; i < 6; ++i) {
      Trade trade;
      trade.id = ++id;
      trade.time = trade.received = open + Duration::seconds(i * 9 + 2);
      trade.price = Price::from_units(static_cast<std::int64_t>(95 + random() % 10) * Price::scale);
      trade.quantity = Quantity::from_units(static_cast<std::int64_t>(random() % 100'000'000 + 1));
      tape.push_back(Event::of(MarketId{0}, trade));
      if (i == 2 && delayed)
        tape.push_back(Event::of(MarketId{0}, std::make_unique<BookFacts>(*std::exchange(delayed, std::nullopt))));
    }
    const BookFacts facts = facts_at(open, random);
    const std::uint64_t fate = random() % 12;
    if (fate == 0) delayed = facts;
    if (fate > 1) tape.push_back(Event::of(MarketId{0}, std::make_unique<BookFacts>(facts)));
    const Timestamp end = open + Duration::minutes(1);
    tape.push_back(
        Event::of(MarketId{0}, Watermark{end + Duration::milliseconds(1100), end + Duration::milliseconds(1100)}));
  }
  return tape;
}

struct Session {
  Session(const std::filesystem::path& path, std::int64_t events_per_checkpoint)
      : settings(make_settings(path, events_per_checkpoint)),
        log({flow::LogLevel::error, flow::LogFormat::text, {}, {}}),
        writer({path, settings.markets, {}, feature_lists(settings.markets, names)}),
        reader(path, settings.markets),
        conveyor(settings, writer, reader, log, statistics) {}

  static EngineSettings make_settings(const std::filesystem::path& path, std::int64_t events_per_checkpoint) {
    EngineSettings s;
    s.database = path;
    s.markets = one_market();
    s.features = names;
    s.events_per_checkpoint = events_per_checkpoint;
    s.queue_capacity = 64;
    return s;
  }
  void play(const std::vector<Event>& tape, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      while (conveyor.feed().full()) conveyor.poll();
      conveyor.feed().push(tape[i].copy());
    }
    conveyor.feed().flush();
  }
  void finish() {
    conveyor.feed().close();
    while (conveyor.poll()) {
    }
  }

  EngineSettings settings;
  flow::Log log;
  EngineStatistics statistics;
  store::JournalWriter writer;
  store::Reader reader;
  Conveyor conveyor;
};

bool recovered(Session& session) {
  return session.conveyor
      .recover([](const std::string&) -> Result<std::shared_ptr<const Predictor>> { return refuse("there is none"); })
      .has_value();
}

std::string dump(const std::filesystem::path& path, const std::vector<const char*>& queries) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  std::string text;
  for (const char* sql : queries) {
    auto append = [](void* out, int columns, char** values, char**) {
      for (int i = 0; i < columns; ++i)
        *static_cast<std::string*>(out) += std::string(values[i] == nullptr ? "NULL" : values[i]) + '|';
      *static_cast<std::string*>(out) += '\n';
      return 0;
    };
    REQUIRE(sqlite3_exec(handle, sql, append, &text, nullptr) == SQLITE_OK);
  }
  sqlite3_close(handle);
  return text;
}
constexpr const char* feature_rows = "SELECT open_time, hex(row) FROM feature ORDER BY 1";
constexpr const char* book_rows =
    "SELECT b.*, hex(f.levels) FROM books b JOIN book_fact f ON b.open_time = strftime('%Y-%m-%dT%H:%M:%SZ', "
    "f.open_time / 1000000000, 'unixepoch') ORDER BY f.open_time";

std::filesystem::path fresh(const std::string& name) {
  const auto folder = std::filesystem::temp_directory_path() / ("candled_book_conveyor_" + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder / "candled.sqlite";
}

// Where the tape goes on: behind the last trade or book that is stored.
std::size_t resume_index(const Session& session, const std::vector<Event>& tape) {
  std::set<std::int64_t> books;
  store::RecordStream events(session.settings.database, session.settings.markets, {0, {INT64_MAX}});
  while (const std::optional<store::RecordedEvent> recorded = events.next()) {
    if (const BookFacts* book = book_of(recorded->event)) books.insert(book->open_time.ns);
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < tape.size(); ++i) {
    const Event& made = tape[i];
    const BookFacts* book = book_of(made);
    const bool trade = made.kind() == EventKind::trade;
    if (book ? books.contains(book->open_time.ns) : trade && session.reader.trade(MarketId{0}, made.trade().id))
      next = i + 1;
  }
  return next;
}

}  // namespace

TEST_CASE("book: each candle has the facts of its interval; what comes too late is stored, marked, and left out") {
  const auto path = fresh("facts");
  const std::vector<Event> tape = make_tape(3, 200);
  Session session(path, 1'000'000);
  REQUIRE(recovered(session));
  session.play(tape, 0, tape.size());
  session.finish();
  std::int64_t late = 0, in_time = 0;
  for (const Event& made : tape) in_time += made.kind() == EventKind::book ? 1 : 0;
  late = session.statistics.late_books.value();
  in_time -= late;
  CHECK(late > 3);
  CHECK(session.statistics.candles_without_book.value() == 200 - in_time);
  const std::vector<BookFacts> stored = session.reader.book_facts(MarketId{0}, {0}, {INT64_MAX});
  CHECK(static_cast<std::int64_t>(stored.size()) == in_time);
  for (const BookFacts& facts : stored) {
    const auto sent = std::find_if(tape.begin(), tape.end(), [&](const Event& event) {
      const BookFacts* book = book_of(event);
      return book && book->open_time == facts.open_time;
    });
    REQUIRE(sent != tape.end());
    CHECK(sent->book() == facts);  // bit for bit, levels included
  }
  const store::StoredRows rows =
      session.reader.training_rows(MarketId{0}, {0}, feature_lists(one_market(), names)[0].hash, names.size());
  std::size_t known = 0;
  for (std::size_t i = 0; i < rows.open_times.size(); ++i) {
    const double imbalance = rows.features[i * names.size() + 2];
    const auto facts = std::find_if(stored.begin(), stored.end(),
                                    [&](const BookFacts& f) { return f.open_time == rows.open_times[i]; });
    REQUIRE(std::isnan(imbalance) == (facts == stored.end()));
    if (facts == stored.end()) continue;
    CHECK(imbalance == book_imbalance(*facts, 5));
    ++known;
  }
  CHECK(static_cast<std::int64_t>(known) == in_time);

  // Rows rebuilt from what is stored are the rows that were made live.
  const std::string live = dump(path, {feature_rows});
  FeatureRebuild rebuild =
      FeatureRebuild::of_all(session.reader, session.writer, session.settings.markets[0], Timestamp{INT64_MIN});
  for (Result<bool> more = true; more && *more;) more = rebuild.step(17);
  CHECK(dump(path, {feature_rows}) == live);
}

TEST_CASE("book: a process that dies twenty times leaves the books and rows of one that never did") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  const std::vector<Event> tape = make_tape(seed, 150);
  const auto whole = fresh("whole");
  {
    Session session(whole, 1'000'000);
    REQUIRE(recovered(session));
    session.play(tape, 0, tape.size());
    session.finish();
  }
  const std::string expected = dump(whole, {feature_rows, book_rows});
  CHECK(std::count(expected.begin(), expected.end(), '\n') > 250);
  for (const std::int64_t events_per_checkpoint : {60, 1'000'000}) {
    const auto path = fresh("broken");
    std::mt19937_64 random(seed);
    for (int life = 0; life <= 20; ++life) {
      Session session(path, events_per_checkpoint);
      REQUIRE(recovered(session));
      const std::size_t from = resume_index(session, tape);
      if (life == 20) {
        session.play(tape, from, tape.size());
        session.finish();
        break;
      }
      session.play(tape, from, std::min(from + random() % (tape.size() / 20 + 1), tape.size()));
      for (std::uint64_t polls = random() % 6; polls > 0; --polls) session.conveyor.poll();
    }
    CHECK(dump(path, {feature_rows, book_rows}) == expected);
  }
}
