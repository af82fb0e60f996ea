#include "candled/model/labels.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "candled/model/validation.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

// A minute per word: a price, "q" a quiet minute at the last price, "g" a gap, "-" no row at all.
// The labels as text: '+' up, '0' not up, '.' none, one per row.
struct Story {
  std::vector<Timestamp> open_times;
  std::vector<Price> closes;
  std::vector<CandleState> states;
  CandleHistory history() const { return {open_times, closes, states, Duration::minutes(1)}; }
};

Story story_of(std::string_view words) {
  Story story;
  std::int64_t n = 0;
  Price last;
  while (!words.empty()) {
    const std::string word(words.substr(0, words.find(' ')));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    const Timestamp time = minute(n++);
    if (word == "-") continue;
    CandleState state = word == "q" ? CandleState::quiet : word == "g" ? CandleState::gap : CandleState::traded;
    if (state == CandleState::traded) last = *Price::parse(word);
    story.open_times.push_back(time);
    story.closes.push_back(state == CandleState::gap ? Price{} : last);
    story.states.push_back(state);
  }
  return story;
}

std::string text_of(std::span<const Label> labels) {
  std::string text;
  for (const Label label : labels) text += label == Label::up ? '+' : label == Label::not_up ? '0' : '.';
  return text;
}

}  // namespace

TEST_CASE("labels look ahead by the clock") {
  const auto check = [](std::string_view words, int horizon_minutes, std::string_view expected) {
    INFO(words << ", horizon " << horizon_minutes);
    const Story story = story_of(words);
    const auto labels = up_labels(story.history(), Duration::minutes(horizon_minutes));
    REQUIRE(labels.has_value());
    CHECK(text_of(*labels) == expected);
  };
  check("1 2 3 2 1", 1, "++00.");
  check("1 2 3 2 1", 2, "+00..");
  check("1 2 3 2 1", 9, ".....");
  check("1 1 1.0000000001", 1, "0+.");
  // Quiet candles count: nothing moved, so not up; and a quiet one may be the later end.
  check("1 q q 2 q", 1, "00+0.");
  check("1 q q 2 q", 2, "0++..");
  // A gap has no label and gives none; rows beyond it look over it.
  check("1 2 g 4 5", 1, "+..+.");
  check("1 2 g 4 5", 2, ".+...");
  // A missing row is a gap. Counting rows instead would give "++++." for the first.
  check("1 2 - 4 5 6", 1, "+.++.");
  check("1 2 - - 0.5 3", 3, ".0..");
  check("1 2 - - 0.5 3", 4, "0+..");
  check("", 1, "");
  check("7", 1, ".");
}

TEST_CASE("directions are the labels of one horizon ago") {
  const Story story = story_of("1 2 g 4 3 - 5 6 q");
  const auto labels = up_labels(story.history(), Duration::minutes(1));
  CHECK(text_of(*labels) == "+..0.+0.");
  CHECK(text_of(last_directions(story.history(), *labels, Duration::minutes(1))) == ".+..0.+0");
}

TEST_CASE("labels refuse what they cannot mean") {
  Story story = story_of("1 2 3");
  for (const Duration horizon : {Duration::seconds(90), Duration{}, Duration::minutes(-1)}) {
    CHECK_FALSE(up_labels(story.history(), horizon).has_value());
  }
  CHECK(up_labels(story.history(), Duration::seconds(90)).error().message ==
        "horizon 90s is not a multiple of the candle interval 1m");
  std::swap(story.open_times[1], story.open_times[2]);
  CHECK_FALSE(up_labels(story.history(), Duration::minutes(1)).has_value());
}

TEST_CASE("the hold-out is the newest share, and what touches it is purged") {
  std::vector<Timestamp> times;
  for (int i = 0; i < 100; ++i) times.push_back(minute(i));
  const auto check = [&](double share, int horizon, int embargo, std::size_t training_end, std::size_t holdout_begin) {
    const Split split = chronological_split(times, share, Duration::minutes(horizon), Duration::minutes(embargo));
    CHECK(split.training_end == training_end);
    CHECK(split.holdout_begin == holdout_begin);
  };
  // The label of row 79 ends with candle 80, the first that is tested: not learned from. Row 79 - 1 ends with
  // candle 79.
  check(0.2, 1, 0, 80, 80);
  check(0.2, 5, 0, 76, 80);
  check(0.2, 5, 5, 71, 80);
  check(0.005, 5, 0, 95, 99);
  check(1.0, 5, 0, 0, 0);
  check(0.2, 200, 0, 0, 80);
  // By the clock: with ten minutes missing in front of the hold-out nothing has to go.
  times.erase(times.begin() + 70, times.begin() + 80);
  CHECK(chronological_split(times, 20.0 / 90.0, Duration::minutes(5), Duration::minutes(5)).training_end == 70);
}
