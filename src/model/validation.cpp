#include "candled/model/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace candled::model {

std::size_t purged_end(std::span<const Timestamp> open_times, std::size_t test_begin, Duration horizon,
                       Duration embargo) {
  if (test_begin >= open_times.size()) return std::min(test_begin, open_times.size());
  const Timestamp latest = open_times[test_begin] - horizon - embargo;
  const auto before_test = open_times.first(test_begin);
  return static_cast<std::size_t>(std::ranges::upper_bound(before_test, latest) - before_test.begin());
}

Split chronological_split(std::span<const Timestamp> open_times, double share, Duration horizon, Duration embargo) {
  const std::size_t count = open_times.size();
  const double wanted = std::ceil(static_cast<double>(count) * std::clamp(share, 0.0, 1.0));
  const std::size_t holdout_begin = count - std::min(count, static_cast<std::size_t>(wanted));
  return {purged_end(open_times, holdout_begin, horizon, embargo), holdout_begin};
}

std::vector<Fold> walk_forward(std::span<const Timestamp> open_times, std::size_t count, Duration horizon,
                               Duration embargo) {
  std::vector<Fold> folds;
  const std::size_t rows = open_times.size();
  for (std::size_t i = 1; i <= count; ++i) {
    const std::size_t begin = rows * i / (count + 1), end = rows * (i + 1) / (count + 1);
    if (begin < end) folds.push_back({purged_end(open_times, begin, horizon, embargo), begin, end});
  }
  return folds;
}

namespace {

// All ascending choices of `count` numbers below `limit`, in lexical order.
std::vector<std::vector<std::size_t>> choices(std::size_t limit, std::size_t count) {
  std::vector<std::vector<std::size_t>> all;
  std::vector<std::size_t> one(count);
  for (std::size_t i = 0; i < count; ++i) one[i] = i;
  for (;;) {
    all.push_back(one);
    std::size_t i = count;
    while (i > 0 && one[i - 1] == limit - count + i - 1) --i;
    if (i == 0) return all;
    ++one[i - 1];
    for (; i < count; ++i) one[i] = one[i - 1] + 1;
  }
}

double choices_count(std::size_t limit, std::size_t count) {
  double product = 1;
  for (std::size_t i = 1; i <= count; ++i) {
    product *= static_cast<double>(limit - count + i) / static_cast<double>(i);
  }
  return product;
}

constexpr double splits_max = 1000;

}  // namespace

Result<CombinatorialPlan> combinatorial_plan(std::span<const Timestamp> open_times,
                                             const CombinatorialSettings& settings, Duration horizon,
                                             Duration embargo) {
  const auto [groups, test_groups] = settings;
  if (groups < 2 || test_groups < 1 || test_groups >= groups) {
    return refuse("combinatorial validation needs at least 2 groups and 1 to groups - 1 of them to test on");
  }
  if (groups > 1000 || choices_count(groups, test_groups) > splits_max) {
    return refuse(fmt::format("combinatorial validation with more than {} splits", splits_max));
  }
  if (open_times.size() < groups) return refuse("combinatorial validation has fewer rows than groups");
  CombinatorialPlan plan;
  for (std::size_t i = 0; i <= groups; ++i) plan.group_begins.push_back(open_times.size() * i / groups);
  for (std::vector<std::size_t>& tested : choices(groups, test_groups)) {
    CombinatorialSplit split;
    for (std::size_t i = 0; i < open_times.size(); ++i) {
      const bool clear = std::ranges::all_of(tested, [&](std::size_t group) {
        const Timestamp first = open_times[plan.group_begins[group]];
        const Timestamp last = open_times[plan.group_begins[group + 1] - 1];
        return open_times[i] <= first - horizon - embargo || open_times[i] > last + horizon + embargo;
      });
      if (clear) split.training_positions.push_back(i);
    }
    split.test_groups = std::move(tested);
    plan.splits.push_back(std::move(split));
  }
  plan.paths = plan.splits.size() * test_groups / groups;
  return plan;
}

}  // namespace candled::model
