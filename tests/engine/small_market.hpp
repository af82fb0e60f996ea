// A small market for engine tests: a model without files, a tape of two markets, sessions on a fresh file that live or die.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/flow/parker.hpp"

namespace candled::engine::tests {

// A model without files: a fixed function of the row.
class WavePredictor : public Predictor {
 public:
  WavePredictor(std::string name, std::string hash, double scale)
      : name_(std::move(name)), hash_(std::move(hash)), scale_(scale) {}
  const std::string& name() const override { return name_; }
  const std::string& feature_hash() const override { return hash_; }
  Duration horizon() const override { return Duration::minutes(5); }
  double predict(std::span<const double> row) const override {
    double sum = 0;
    for (const double value : row) sum += std::isnan(value) ? 0.1 : value;
    return 0.5 + 0.4 * std::sin(sum * scale_);
  }

 private:
  std::string name_, hash_;
  double scale_;
};

inline MarketTable two_markets() {
  return {{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)},
          {MarketId{1}, "kraken", "ETH/USD", Duration::minutes(1)}};
}

inline std::shared_ptr<const Predictor> model_named(const std::string& name) {
  return std::make_shared<WavePredictor>(name, feature_lists(two_markets())[0].hash,
                                         name == "20250101_000000" ? 3.0 : 7.0);
}

// Trades of two markets with watermarks, a quiet half hour, a sequence gap, and a model that takes over half-way.
inline std::vector<Event> make_tape(std::uint64_t seed, int trades) {
  std::mt19937_64 random(seed);
  std::vector<Event> tape;
  std::int64_t now = 1'735'689'600'000'000'000;  // 2025-01-01T00:00:00Z
  std::array<std::int64_t, 2> ids{1000, 500};
  std::array<double, 2> prices{100'000, 3'000};
  for (std::size_t m = 0; m < 2; ++m) tape.push_back(Event::of(static_cast<MarketId>(m), Watermark{{now}, {now}}));
  for (int i = 0; i < trades; ++i) {
    now += static_cast<std::int64_t>(random() % 3'000'000'000);
    if (i == trades / 3) now += Duration::minutes(30).ns;
    const std::size_t m = random() % 4 == 0 ? 1 : 0;
    const auto market = static_cast<MarketId>(m);
    if (random() % 3 == 0) tape.push_back(Event::of(market, Watermark{{now - 1}, {now}}));
    if (i == trades / 2 && m == 0) ids[0] += 5;
    if (i == trades / 2 && m == 0)
      tape.push_back(Event::sequence_gap(market, SequenceGap{ids[0] - 4, ids[0], {now}, {}}));
    prices[m] *= 1 + (static_cast<double>(random() % 2001) - 1000) / 2'000'000;
    Trade trade;
    trade.id = ++ids[m];
    trade.time = {now};
    trade.received = {now + 5'000'000};
    trade.price = Price::from_units(static_cast<std::int64_t>(prices[m] * 10) * (Price::scale / 10));
    trade.quantity = Quantity::from_units(static_cast<std::int64_t>(random() % 100'000'000 + 1));
    trade.side = random() % 2 == 0 ? Side::buy : Side::sell;
    tape.push_back(Event::of(market, trade));
  }
  return tape;
}

struct Run {
  ThreadLayout layout = ThreadLayout::market;
  std::size_t queue_capacity = 8192;
  bool threaded = true;
  std::int64_t events_per_checkpoint = 700;
};

struct Session {
  Session(const std::filesystem::path& path, const Run& run) : Session(path, make_settings(path, run)) {}
  Session(const std::filesystem::path& path, const EngineSettings& given, std::vector<CommitObserver*> observers = {})
      : settings(given),
        log({flow::LogLevel::error, flow::LogFormat::text, {}, {}}),
        writer({path,
                settings.markets,
                {{"dynamic", "dynamic"}, {"ultra", "ultra_aggressive"}, {"limits", "threshold"}},
                feature_lists(settings.markets)}),
        reader(path, settings.markets),
        conveyor(settings, writer, reader, log, statistics, std::move(observers)) {}

  static EngineSettings make_settings(const std::filesystem::path& path, const Run& run) {
    EngineSettings s;
    s.database = path;
    s.markets = two_markets();
    s.paper.stale_after = Duration::days(1000);
    s.strategies = {{"dynamic", "dynamic", {}},
                    {"ultra", "ultra_aggressive", {}},
                    {"limits",
                     "threshold",
                     {},
                     {},
                     {{"enter", 0.5}, {"leave", 0.5}, {"limit_offset", 0.0001}, {"stop_loss", 0.001}}}};
    s.layout = run.layout;
    s.queue_capacity = run.queue_capacity;
    s.events_per_checkpoint = run.events_per_checkpoint;
    return s;
  }

  EngineSettings settings;
  flow::Log log;
  EngineStatistics statistics;
  store::JournalWriter writer;
  store::Reader reader;
  Conveyor conveyor;
};

inline Result<RecoveryReport> recover(Session& session) {
  return session.conveyor.recover(
      [](const std::string& name) -> Result<std::shared_ptr<const Predictor>> { return model_named(name); });
}

// Everything a person sees, as text. The views leave out what says when we heard of it.
inline std::string dump(const std::filesystem::path& path) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  std::string text;
  for (const char* sql :
       {"SELECT market, trade_id, time, price, quantity, side, late FROM trades ORDER BY 1, 2",
        "SELECT * FROM candles ORDER BY market, open_time",
        "SELECT market, open_time, hex(row) FROM feature ORDER BY 1, 2",
        "SELECT * FROM predictions ORDER BY market, open_time", "SELECT * FROM fills ORDER BY strategy, market, number",
        "SELECT * FROM equity ORDER BY strategy, market, time",
        "SELECT * FROM orders ORDER BY strategy, market, decided_on",
        "SELECT market, first_missing_id, last_missing_id FROM gaps"}) {
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

inline std::filesystem::path fresh(const std::string& name) {
  const auto folder = std::filesystem::temp_directory_path() / ("candled_conveyor_" + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder / "candled.sqlite";
}

// What a source has to push.
inline Event made(const Event& event, std::size_t index, std::size_t model_swap_at) {
  if (index != model_swap_at) return event.copy();
  return Event::of(std::make_unique<ModelSwap>(model_named("20250101_000001"), std::nullopt));
}

// Pushes tape[from, to); the second model takes over in place of event tape.size() / 4.
inline void play(Session& session, const std::vector<Event>& tape, std::size_t from, std::size_t to, bool threaded) {
  for (std::size_t i = from; i < to; ++i) {
    Event event = made(tape[i], i, tape.size() / 4);
    if (threaded) {
      session.conveyor.feed().push(std::move(event));
      if (i % 50 == 0) session.conveyor.feed().flush();
    } else {
      while (session.conveyor.feed().full()) session.conveyor.poll();
      session.conveyor.feed().push(std::move(event));
    }
  }
  session.conveyor.feed().flush();
}

inline std::string whole_run(const std::string& name, const std::vector<Event>& tape, const Run& run) {
  const auto path = fresh(name);
  {
    Session session(path, run);
    REQUIRE(recover(session).has_value());
    REQUIRE(session.conveyor.control().try_push(
        Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000"), std::nullopt))));
    flow::Parker own;
    session.conveyor.feed().attach(own);
    if (run.threaded) session.conveyor.start();
    play(session, tape, 0, tape.size(), run.threaded);
    session.conveyor.feed().close();
    if (run.threaded) {
      session.conveyor.join();
    } else {
      while (session.conveyor.poll()) {
      }
    }
  }
  return dump(path);
}

// Where the tape goes on: behind the last trade that is stored.
inline std::size_t resume_index(const Session& session, const std::vector<Event>& tape) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < tape.size(); ++i) {
    if (tape[i].kind() == EventKind::trade && session.reader.trade(tape[i].market(), tape[i].trade().id)) next = i + 1;
  }
  return next;
}

// Dies (without draining) at random moments, comes back, goes on.
inline std::string interrupted_run(const std::string& name, const std::vector<Event>& tape, const Run& run, int deaths,
                                   std::uint64_t seed) {
  const auto path = fresh(name);
  std::mt19937_64 random(seed);
  for (int life = 0; life <= deaths; ++life) {
    Session session(path, run);
    const auto report = recover(session);
    REQUIRE(report.has_value());
    if (report->running_model.empty()) {
      REQUIRE(session.conveyor.control().try_push(
          Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000"), std::nullopt))));
    }
    const std::size_t from = resume_index(session, tape);
    if (life == deaths) {
      play(session, tape, from, tape.size(), false);
      session.conveyor.feed().close();
      while (session.conveyor.poll()) {
      }
      break;
    }
    const std::size_t reach = from + random() % (tape.size() / static_cast<std::size_t>(deaths) + 1);
    play(session, tape, from, std::min(reach, tape.size()), false);
    for (std::uint64_t polls = random() % 6; polls > 0; --polls)
      session.conveyor.poll();  // some of it gets through, some does not
  }
  return dump(path);
}

}  // namespace candled::engine::tests
