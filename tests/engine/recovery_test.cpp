// A start with a long record and no checkpoint: what it costs in memory, what it tells, and how it is stopped.
#include <malloc.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

#include "candled/store/checkpoint_reader.hpp"
#include "engine/small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

const LoadModel no_model = [](const std::string&) -> Result<std::shared_ptr<const Predictor>> {
  return refuse("there is none");
};

// Head events alone, as a crash before the first checkpoint leaves them; a watermark closes a minute now and then.
std::filesystem::path write_record(const std::string& name, std::int64_t trades) {
  const auto path = fresh(name);
  store::JournalWriter writer({path, two_markets(), {}, feature_lists(two_markets())});
  std::vector<Event> slice;
  Timestamp now{1'735'689'600'000'000'000};
  for (std::int64_t i = 0; i < trades; ++i) {
    now = now + Duration::milliseconds(i % 1'000 == 0 ? 61'000 : 10);
    const auto market = static_cast<MarketId>(i % 2);
    Trade trade;
    trade.id = i / 2 + 1;
    trade.time = trade.received = now;
    trade.price = Price::from_units((100'000 + i % 97) * Price::scale);
    trade.quantity = Quantity::from_units(1'000'000 + i % 7);
    slice.push_back(Event::of(market, trade));
    slice.back().sequence = i + 1;
    if (slice.size() < 10'000 && i + 1 < trades) continue;
    REQUIRE(writer.write(slice).has_value());
    slice.clear();
  }
  return path;
}

std::int64_t bytes_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
}

struct Watched {
  RecoveryReport report;
  std::int64_t grown_by = 0;  // bytes in use at the most, above those before the replay
  ReplayProgress last;
  std::int64_t told = 0;
};

Watched recover_watched(const std::filesystem::path& path) {
  Session session(path, Run{});
  Watched watched;
  const std::int64_t before = bytes_in_use();
  ReplayWatch watch;
  watch.tell = [&](const ReplayProgress& progress) {
    CHECK(progress.part_done >= watched.last.part_done);
    CHECK(progress.events >= watched.last.events);
    watched.last = progress;
    ++watched.told;
    watched.grown_by = std::max(watched.grown_by, bytes_in_use() - before);
  };
  const Result<RecoveryReport> report = session.conveyor.recover(no_model, {}, watch);
  REQUIRE(report.has_value());
  watched.report = *report;
  return watched;
}

}  // namespace

TEST_CASE("a replay from the beginning of a record needs no more memory for a longer one") {
  const Watched small = recover_watched(write_record("memory_small", 100'000));
  const Watched large = recover_watched(write_record("memory_large", 600'000));
  CHECK(small.report.replayed_events == 100'000);
  CHECK(large.report.replayed_events == 600'000);
  CHECK(large.last.rows > 500'000);
  CHECK(large.last.events > 500'000);
  CHECK(large.last.part_done > 0.9);
  CHECK(large.told > small.told);
  // 500,000 events more would be 56 MB; the first replay pays for what is made once.
  CHECK(large.grown_by < small.grown_by + 1'000'000);
}

TEST_CASE("a stopped replay changes nothing, and the next start begins again") {
  const auto path = write_record("stopped", 100'000);
  std::int64_t rows = 0, events = 0;
  for (const bool in_first_pass : {true, false}) {
    Session session(path, Run{});
    const std::string before = dump(path);
    ReplayWatch watch;
    watch.tell = [&](const ReplayProgress& progress) {
      rows = progress.rows;
      events = progress.events;
    };
    watch.stop = [&] { return in_first_pass ? rows > 0 : events >= 60'000; };
    const Result<RecoveryReport> report = session.conveyor.recover(no_model, {}, watch);
    REQUIRE(report.has_value());
    CHECK(report->stopped);
    CHECK(report->replayed_events == (in_first_pass ? 0 : 60'000));
    CHECK(dump(path) == before);
    const store::CheckpointReader stored(path, two_markets());
    CHECK_FALSE(stored.last_run());
    CHECK(stored.position().checkpoint_sequence == 0);
  }
  const Watched again = recover_watched(path);
  CHECK_FALSE(again.report.stopped);
  CHECK(again.report.replayed_events == 100'000);
}
