#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "candled/model/metrics.hpp"
#include "model/arithmetic.hpp"

namespace candled::model {
namespace {

constexpr std::size_t resamples = 1000;

// Linear between the two nearest order statistics.
double quantile(std::span<const double> sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto lower = static_cast<std::size_t>(position);
  const std::size_t upper = std::min(lower + 1, sorted.size() - 1);
  return sorted[lower] + (position - std::floor(position)) * (sorted[upper] - sorted[lower]);
}

}  // namespace

std::size_t bootstrap_block_rows(std::size_t rows, std::size_t horizon_rows) {
  const auto cube_root = static_cast<std::size_t>(std::ceil(std::cbrt(static_cast<double>(rows))));
  const std::size_t wanted = std::max(4 * horizon_rows, cube_root);
  return std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(1, rows / 4));
}

void for_each_resample(std::size_t rows, std::size_t block_rows, std::uint64_t seed,
                       const std::function<void(std::span<const std::uint32_t>)>& visit, const Stop& stop) {
  if (rows == 0 || block_rows == 0 || block_rows > rows) invariant_failed("bootstrap block does not fit the sample");
  std::mt19937_64 random(seed);
  std::vector<std::uint32_t> steps(2 * rows + 1), counts(rows);
  for (std::size_t resample = 0; resample < resamples && !asked_to(stop); ++resample) {
    // Blocks may run over the end: they are noted on the rows laid end to end twice, as steps up and down.
    std::ranges::fill(steps, 0U);
    for (std::size_t drawn = 0; drawn < rows; drawn += block_rows) {
      const std::size_t begin = draw_below(random, rows);
      ++steps[begin];
      --steps[begin + std::min(block_rows, rows - drawn)];  // wraps, and comes back in the sum
    }
    std::uint32_t here = 0;
    std::ranges::fill(counts, 0U);
    for (std::size_t i = 0; i < 2 * rows; ++i) {
      here += steps[i];
      counts[i < rows ? i : i - rows] += here;
    }
    visit(counts);
  }
}

Interval percentile_interval(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) {
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  }
  std::ranges::sort(values);
  return {quantile(values, 0.025), quantile(values, 0.975)};
}

Interval mean_interval(std::span<const double> values, std::size_t block_rows, std::uint64_t seed, const Stop& stop) {
  const std::size_t rows = values.size();
  if (rows == 0 || block_rows == 0 || block_rows > rows) invariant_failed("bootstrap block does not fit the sample");
  // Prefix sums over the values laid end to end twice: a block that starts anywhere is one subtraction.
  std::vector<double> sums(2 * rows + 1, 0.0);
  for (std::size_t i = 0; i < 2 * rows; ++i) sums[i + 1] = sums[i] + values[i % rows];

  std::mt19937_64 random(seed);
  std::vector<double> means(resamples);
  for (double& mean : means) {
    if (asked_to(stop)) return {};
    double sum = 0;
    for (std::size_t drawn = 0; drawn < rows; drawn += block_rows) {
      const std::size_t length = std::min(block_rows, rows - drawn);
      const std::size_t begin = draw_below(random, rows);
      sum += sums[begin + length] - sums[begin];
    }
    mean = sum / static_cast<double>(rows);
  }
  return percentile_interval(std::move(means));
}

}  // namespace candled::model
