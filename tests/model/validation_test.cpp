#include "candled/model/validation.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

std::vector<Timestamp> minutes(std::size_t count) {
  std::vector<Timestamp> times;
  for (std::size_t i = 0; i < count; ++i) times.push_back(minute(static_cast<std::int64_t>(i)));
  return times;
}

}  // namespace

TEST_CASE("walk-forward: every part but the first is tested by its purged past") {
  const auto folds = walk_forward(minutes(100), 4, Duration::minutes(5), Duration::minutes(3));
  REQUIRE(folds.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(folds[i].test_begin == 20 * (i + 1));
    CHECK(folds[i].test_end == 20 * (i + 2));
    // The label of the last row that is learned from is settled 3 minutes before the first tested candle opens.
    CHECK(folds[i].training_end == 20 * (i + 1) - 7);
  }
  CHECK(walk_forward(minutes(2), 4, Duration::minutes(1), Duration{}).size() == 2);
  CHECK(walk_forward({}, 4, Duration::minutes(1), Duration{}).empty());
}

TEST_CASE("combinatorial: every choice, every path whole, nothing of a test in what is learned") {
  const auto times = minutes(120);
  const auto plan = combinatorial_plan(times, {6, 2}, Duration::minutes(5), Duration::minutes(3));
  REQUIRE(plan.has_value());
  CHECK(plan->splits.size() == 15);
  CHECK(plan->paths == 5);
  std::vector<std::size_t> tested(6, 0);
  std::set<std::vector<std::size_t>> choices;
  for (const CombinatorialSplit& split : plan->splits) {
    CHECK(choices.insert(split.test_groups).second);
    for (const std::size_t group : split.test_groups) {
      ++tested[group];
      const std::size_t begin = plan->group_begins[group], end = plan->group_begins[group + 1];
      for (const std::size_t i : split.training_positions) {
        // In front: settled before, with the embargo. Behind: opened after the last label was settled, with the embargo.
        CHECK((i + 5 + 3 <= begin || i > end - 1 + 5 + 3));
      }
    }
  }
  CHECK(tested == std::vector<std::size_t>(6, 5));
  // Two neighbours tested: 80 rows are left of 120, less 7 in front or 8 behind at each of the two edges.
  CHECK(plan->splits[5].test_groups == std::vector<std::size_t>{1, 2});
  CHECK(plan->splits[5].training_positions.size() == 80 - 7 - 8);
}

TEST_CASE("combinatorial plans that cannot be") {
  const auto times = minutes(50);
  const auto refused = [&](CombinatorialSettings settings) {
    return !combinatorial_plan(times, settings, Duration::minutes(1), Duration{}).has_value();
  };
  CHECK(refused({1, 1}));
  CHECK(refused({6, 0}));
  CHECK(refused({6, 6}));
  CHECK(refused({51, 1}));
  CHECK(refused({40, 20}));
  CHECK(refused({100'000'000, 2}));
  CHECK_FALSE(refused({50, 1}));
}
