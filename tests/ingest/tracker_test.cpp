// SequenceTracker: every id comes out once and in order, or lies in a recorded sequence gap.
#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <set>
#include <sstream>

#include "ingest/sequence_tracker.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {
namespace {

// A scenario in words: "start 5", "6 7 9" (trades), "skip" (give the sequence gap up). What comes out, in words again.
std::string played(const std::string& script) {
  SequenceTracker tracker;
  std::string out;
  const auto emit = [&out](const Trade& trade) { out += std::to_string(trade.id) + " "; };
  std::istringstream words(script);
  for (std::string word; words >> word;) {
    if (word == "start") {
      words >> word;
      tracker.start_behind(std::stoll(word));
      tracker.release(emit);
    } else if (word == "skip") {
      const IdRange sequence_gap = tracker.skip_missing();
      out += "[" + std::to_string(sequence_gap.first) + "-" + std::to_string(sequence_gap.last) + "] ";
      tracker.release(emit);
    } else if (tracker.offer(trade_of(std::stoll(word)), emit) == SequenceTracker::Verdict::duplicate) {
      out += "d" + word + " ";
    }
  }
  if (const auto sequence_gap = tracker.missing()) {
    out += "missing " + std::to_string(sequence_gap->first) + "-" + std::to_string(sequence_gap->last) + " ";
  }
  if (tracker.held_count() > 0) out += "held " + std::to_string(tracker.held_count()) + " ";
  return out;
}

}  // namespace

TEST_CASE("tracker: scenarios") {
  CHECK(played("start 5 6 7 8") == "6 7 8 ");
  CHECK(played("start 5 6 6 5 1 7") == "6 d6 d5 d1 7 ");
  CHECK(played("start 5 6 9 10") == "6 missing 7-8 held 2 ");
  CHECK(played("start 5 6 9 10 8 7") == "6 7 8 9 10 ");
  CHECK(played("start 5 6 9 10 8 8 10 7 11") == "6 d8 d10 7 8 9 10 11 ");
  CHECK(played("start 5 6 9 10 skip 11 8") == "6 [7-8] 9 10 11 d8 ");
  CHECK(played("start 5 9 12 skip 13") == "[6-8] 9 missing 10-11 held 2 ");
  CHECK(played("9 7 8 8") == "d8 held 3 ");  // not started: history comes first
  CHECK(played("9 7 8 start 7") == "8 9 ");
  CHECK(played("9 7 8 start 5") == "missing 6-6 held 3 ");
  CHECK(played("9 7 8 start 5 6 10") == "6 7 8 9 10 ");
}

TEST_CASE("tracker: a trade with an absurd id does not block the market") {
  SequenceTracker tracker;
  std::vector<std::int64_t> out;
  const auto emit = [&out](const Trade& trade) { out.push_back(trade.id); };
  tracker.start_behind(100);
  tracker.offer(trade_of(101), emit);
  tracker.offer(trade_of(123'456'789'012'345'678, trade_of(102).time), emit);
  CHECK(tracker.missing());
  for (std::int64_t id = 102; id < 5100; ++id) tracker.offer(trade_of(id), emit);
  CHECK(tracker.missing());  // five seconds are within honest disorder
  for (std::int64_t id = 5100; id < 5300; ++id) tracker.offer(trade_of(id), emit);
  CHECK_FALSE(tracker.missing());
  CHECK(tracker.outliers() == 1);
  CHECK(out.back() == 5299);
  CHECK(out.size() == 5199);
}

TEST_CASE("tracker: any permutation, duplication and loss") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const std::int64_t first = 1'000, count = 200;
    std::vector<std::int64_t> wire(count);
    std::iota(wire.begin(), wire.end(), first);
    std::vector<std::int64_t> sent;
    for (std::int64_t id : wire) {
      const auto fate = random() % 10;
      if (fate > 0) sent.push_back(id);  // 10 % lost
      if (fate > 7) sent.push_back(id);  // 20 % twice
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const std::size_t reach = std::min<std::size_t>(sent.size() - 1 - i, 6);
      std::swap(sent[i], sent[i + random() % (reach + 1)]);
    }
    SequenceTracker tracker;
    tracker.start_behind(first - 1);
    std::vector<std::int64_t> out;
    std::set<std::int64_t> in_sequence_gaps;
    const auto emit = [&out](const Trade& trade) { out.push_back(trade.id); };
    const auto give_up = [&] {
      const IdRange sequence_gap = tracker.skip_missing();
      for (std::int64_t id = sequence_gap.first; id <= sequence_gap.last; ++id) in_sequence_gaps.insert(id);
      tracker.release(emit);
    };
    for (std::int64_t id : sent) {
      tracker.offer(trade_of(id), emit);
      if (tracker.held_count() > 12) give_up();
    }
    while (tracker.missing()) give_up();
    INFO("seed " << seed);
    CHECK(std::ranges::is_sorted(out));
    CHECK(std::ranges::adjacent_find(out) == out.end());
    for (std::int64_t id : out) CHECK(in_sequence_gaps.count(id) == 0);
    CHECK(static_cast<std::int64_t>(out.size() + in_sequence_gaps.size()) == *tracker.last_id() - first + 1);
  }
}

}  // namespace candled::ingest
