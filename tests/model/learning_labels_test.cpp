#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "candled/model/labels.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

struct Bar {
  double close, high, low;
};

struct Story {
  std::vector<Timestamp> open_times;
  std::vector<Price> closes, highs, lows;
  std::vector<CandleState> states;
  CandleHistory history() const { return {open_times, closes, states, Duration::minutes(1), highs, lows}; }
};

Price price(double value) {
  return Price::from_units(static_cast<std::int64_t>(value * 1e4) * (Price::scale / 10'000));
}

Story story_of(const std::vector<Bar>& bars) {
  Story story;
  for (const Bar& bar : bars) {
    story.open_times.push_back(minute(static_cast<std::int64_t>(story.open_times.size())));
    story.closes.push_back(price(bar.close));
    story.highs.push_back(price(bar.high));
    story.lows.push_back(price(bar.low));
    story.states.push_back(CandleState::traded);
  }
  return story;
}

// '+' up, '0' not up, '=' flat, '.' none
std::string text_of(std::span<const LearningLabel> labels) {
  std::string text;
  for (const LearningLabel& label : labels) {
    text += label.flat ? '=' : label.label == Label::up ? '+' : label.label == Label::not_up ? '0' : '.';
  }
  return text;
}

}  // namespace

TEST_CASE("small moves are flat, and nothing is learned from them") {
  // Moves in basis points: +10, -10, +10.001, 0.
  const Story story = story_of({{1000, 0, 0}, {1001, 0, 0}, {1000, 0, 0}, {1001.1, 0, 0}, {1001.1, 0, 0}});
  const auto check = [&](double dead_zone_bps, std::string_view expected) {
    INFO(dead_zone_bps);
    LabelSettings settings;
    settings.dead_zone_bps = dead_zone_bps;
    CHECK(text_of(*learning_labels(story.history(), Duration::minutes(1), settings)) == expected);
  };
  check(0, "+0+0.");
  check(9, "+0+=.");
  check(10, "==+=.");
  check(20, "====.");
}

TEST_CASE("triple barriers: profit, loss or time, the worse where a candle reaches both") {
  LabelSettings settings;
  settings.barriers = LabelSettings::Barriers{100, 50};  // 1 % up, 0.5 % down
  const auto check = [&](const std::vector<Bar>& bars, int horizon, std::string_view expected, std::size_t settled) {
    const Story story = story_of(bars);
    const auto labels = *learning_labels(story.history(), Duration::minutes(horizon), settings);
    INFO(text_of(labels));
    CHECK(text_of(std::span(labels).first(1)) == expected);
    CHECK(labels[0].settled == settled);
  };
  check({{100, 100, 100}, {100.2, 101.1, 100}, {90, 90, 90}}, 2, "+", 1);      // profit first, though it falls later
  check({{100, 100, 100}, {100.2, 100.4, 99.4}, {120, 120, 120}}, 2, "0", 1);  // loss first
  check({{100, 100, 100}, {100.2, 101.2, 99.4}, {120, 120, 120}}, 2, "0", 1);  // both in one candle
  check({{100, 100, 100}, {100.2, 100.4, 99.9}, {100.3, 100.5, 100}}, 2, "+", 2);  // time, above
  check({{100, 100, 100}, {100.2, 100.4, 99.9}, {99.8, 100.5, 99.7}}, 2, "0", 2);  // time, below
  settings.dead_zone_bps = 40;
  check({{100, 100, 100}, {100.2, 100.4, 99.9}, {100.3, 100.5, 100}}, 2, "=", 2);  // time, within the dead zone

  // A gap or a missing candle on the way: what happened is not known. Before it a barrier may still be reached.
  settings.dead_zone_bps = 0;
  Story story = story_of({{100, 100, 100}, {100.2, 100.4, 99.9}, {103, 103, 103}, {103, 103, 103}});
  story.states[1] = CandleState::gap;
  CHECK(text_of(*learning_labels(story.history(), Duration::minutes(2), settings))[0] == '.');
  story.states[1] = CandleState::traded;
  story.highs[1] = price(101.5);
  story.states[2] = CandleState::gap;
  CHECK(text_of(*learning_labels(story.history(), Duration::minutes(3), settings))[0] == '+');
}

TEST_CASE("labels that overlap weigh less") {
  // Rows 0 and 1 look at candles 1-2 and 2-3, which share one; row 4 looks at 5-6 alone.
  std::vector<LearningLabel> labels(7);
  labels[0] = {Label::up, false, 2};
  labels[1] = {Label::not_up, false, 3};
  labels[4] = {Label::up, false, 6};
  const std::vector<double> weights = uniqueness_weights(labels);
  const double shared = (1 + 0.5) / 2, sum = 2 * shared + 1;
  CHECK(weights[0] == Approx(3 * shared / sum));
  CHECK(weights[1] == Approx(3 * shared / sum));
  CHECK(weights[4] == Approx(3 * 1 / sum));
  CHECK(weights[2] == 0);
  CHECK(uniqueness_weights(std::vector<LearningLabel>(3)) == std::vector<double>(3, 0.0));
  // Without any overlap all weigh the same.
  std::vector<LearningLabel> apart(4);
  for (std::size_t i = 0; i < 3; ++i) apart[i] = {Label::up, false, i + 1};
  CHECK(uniqueness_weights(apart) == std::vector<double>{1, 1, 1, 0});
}

TEST_CASE("label settings that cannot be") {
  const Story story = story_of({{100, 100, 100}, {101, 101, 101}});
  const auto refusal = [&](LabelSettings settings) {
    return learning_labels(story.history(), Duration::minutes(1), settings).error().message;
  };
  LabelSettings settings;
  settings.dead_zone_bps = -1;
  CHECK(refusal(settings) == "dead_zone_bps must be 0 to 10000");
  settings.dead_zone_bps = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(settings) == "dead_zone_bps must be 0 to 10000");
  settings = {};
  settings.barriers = LabelSettings::Barriers{0, 10};
  CHECK(refusal(settings) == "the barriers must be above 0 and below 10000 basis points");
}
