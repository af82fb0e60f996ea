#include "candled/model/validation.hpp"

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

}  // namespace candled::model
