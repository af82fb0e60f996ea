#include "trading/return_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace candled::trading {
namespace {

constexpr std::size_t resamples = 1000;
constexpr std::size_t returns_min = 10;

// splitmix64 (S. Vigna): a fixed sequence for a seed, on every machine.
class Sequence {
 public:
  explicit Sequence(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t limit) {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>((Wide{z ^ (z >> 31)} * limit) >> 64);
  }

 private:
  std::uint64_t state_;
};

// Sums over the values laid end to end twice, so that a block that starts anywhere is one subtraction.
std::vector<double> circular_sums(std::span<const double> values) {
  std::vector<double> sums(2 * values.size() + 1, 0.0);
  for (std::size_t i = 0; i < 2 * values.size(); ++i) sums[i + 1] = sums[i] + values[i % values.size()];
  return sums;
}

// Linear between the two nearest order statistics.
double quantile(std::span<const double> sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto lower = static_cast<std::size_t>(position);
  const std::size_t upper = std::min(lower + 1, sorted.size() - 1);
  return sorted[lower] + (position - std::floor(position)) * (sorted[upper] - sorted[lower]);
}

Interval95 interval_of(std::vector<double>& values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return {};
  std::ranges::sort(values);
  return {quantile(values, 0.025), quantile(values, 0.975)};
}

// Below this share of the typical size of the numbers a variance is the rounding of its sums.
constexpr double rounding = 1e-12;

double sharpe_from(double sum, double sum_of_squares, double count, double samples_per_year) {
  const double mean = sum / count;
  const double variance = (sum_of_squares - sum * mean) / (count - 1);
  if (!(variance > rounding * sum_of_squares / count)) return not_known;
  return mean / std::sqrt(variance) * std::sqrt(samples_per_year);
}

}  // namespace

ReturnMoments moments_of(std::span<const double> returns) {
  ReturnMoments moments;
  if (returns.empty()) return moments;
  const auto count = static_cast<double>(returns.size());
  double sum = 0, negative_squares = 0, squares = 0;
  for (const double value : returns) sum += value;
  moments.mean = sum / count;
  for (const double value : returns) {
    squares += (value - moments.mean) * (value - moments.mean);
    if (value < 0) negative_squares += value * value;
  }
  moments.downside = std::sqrt(negative_squares / count);
  if (returns.size() > 1) moments.deviation = std::sqrt(squares / (count - 1));
  return moments;
}

double sharpe_of(std::span<const double> returns, double samples_per_year) {
  const ReturnMoments moments = moments_of(returns);
  return moments.deviation > 0 ? moments.mean / moments.deviation * std::sqrt(samples_per_year) : not_known;
}

ReturnIntervals bootstrap(std::span<const double> returns, double samples_per_year, std::uint64_t seed) {
  if (returns.size() < returns_min) return {};
  const std::size_t count = returns.size();
  const auto block = static_cast<std::size_t>(std::ceil(std::cbrt(static_cast<double>(count))));
  std::vector<double> logs, squares;
  for (const double value : returns) {
    logs.push_back(std::log1p(std::max(value, -1 + 1e-12)));
    squares.push_back(value * value);
  }
  const std::vector<double> log_sums = circular_sums(logs), sums = circular_sums(returns),
                            square_sums = circular_sums(squares);

  Sequence random(seed);
  std::vector<double> totals, sharpes;
  for (std::size_t resample = 0; resample < resamples; ++resample) {
    double log_sum = 0, sum = 0, square_sum = 0;
    for (std::size_t drawn = 0; drawn < count; drawn += block) {
      const std::size_t begin = random.below(count), end = begin + std::min(block, count - drawn);
      log_sum += log_sums[end] - log_sums[begin];
      sum += sums[end] - sums[begin];
      square_sum += square_sums[end] - square_sums[begin];
    }
    totals.push_back(std::expm1(log_sum));
    sharpes.push_back(sharpe_from(sum, square_sum, static_cast<double>(count), samples_per_year));
  }
  return {interval_of(totals), interval_of(sharpes)};
}

}  // namespace candled::trading
