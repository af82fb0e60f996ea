#include "candled/model/overfitting.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace candled::model {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct Moments {
  double mean = 0, deviation = 0, skew = 0, kurtosis = 3;
};

Moments moments_of(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  Moments m;
  m.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double second = 0, third = 0, fourth = 0;
  for (const double value : values) {
    const double d = value - m.mean;
    second += d * d / count;
    third += d * d * d / count;
    fourth += d * d * d * d / count;
  }
  m.deviation = std::sqrt(second);
  if (second > 0) {
    m.skew = third / (second * m.deviation);
    m.kurtosis = fourth / (second * second);
  }
  return m;
}

// Sums of one series over each block, from which any choice of blocks has its ratio at once.
struct BlockSums {
  std::vector<double> sums, squares, counts;
};

BlockSums block_sums(std::span<const double> series, std::size_t blocks) {
  BlockSums out{std::vector<double>(blocks), std::vector<double>(blocks), std::vector<double>(blocks)};
  for (std::size_t i = 0; i < series.size(); ++i) {
    const std::size_t block = i * blocks / series.size();
    out.sums[block] += series[i];
    out.squares[block] += series[i] * series[i];
    out.counts[block] += 1;
  }
  return out;
}

double ratio_over(const BlockSums& sums, std::uint32_t chosen) {
  double sum = 0, squares = 0, count = 0;
  for (std::uint32_t rest = chosen; rest != 0; rest &= rest - 1) {
    const auto block = static_cast<std::size_t>(std::countr_zero(rest));
    sum += sums.sums[block];
    squares += sums.squares[block];
    count += sums.counts[block];
  }
  const double mean = sum / count, variance = squares / count - mean * mean;
  if (!(variance > 1e-300)) return mean > 0 ? 1e9 : mean < 0 ? -1e9 : 0.0;
  return mean / std::sqrt(variance);
}

}  // namespace

double normal_distribution(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

double normal_quantile(double probability) {
  // Halving: forty steps are as good as a rational approximation, and there is nothing to mistype.
  double low = -40, high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (normal_distribution(middle) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

double sharpe_ratio(std::span<const double> series) {
  if (series.size() < 2) return not_a_number;
  const Moments m = moments_of(series);
  return m.deviation > 0 ? m.mean / m.deviation : not_a_number;
}

double expected_best_sharpe(double variance_of_ratios, std::size_t trials) {
  if (trials < 2) return 0;
  const auto count = static_cast<double>(trials);
  return std::sqrt(variance_of_ratios) * ((1 - std::numbers::egamma) * normal_quantile(1 - 1 / count) +
                                          std::numbers::egamma * normal_quantile(1 - 1 / (count * std::numbers::e)));
}

double deflated_sharpe_ratio(std::span<const double> best, std::span<const double> ratios, std::size_t trials) {
  const double ratio = sharpe_ratio(best);
  std::vector<double> known;
  std::ranges::copy_if(ratios, std::back_inserter(known), [](double value) { return std::isfinite(value); });
  if (!std::isfinite(ratio) || known.empty()) return not_a_number;
  const double deviation = moments_of(known).deviation;
  const Moments m = moments_of(best);
  const double bar = expected_best_sharpe(deviation * deviation, std::max(trials, known.size()));
  const double spread = 1 - m.skew * ratio + (m.kurtosis - 1) / 4 * ratio * ratio;
  if (!(spread > 0)) return not_a_number;
  return normal_distribution((ratio - bar) * std::sqrt(static_cast<double>(best.size()) - 1) / std::sqrt(spread));
}

Result<double> backtest_overfitting_probability(std::span<const std::vector<double>> series, std::size_t blocks) {
  if (series.size() < 2) return refuse("the probability of overfitting needs at least two complete trials");
  if (blocks < 2 || blocks > 20 || blocks % 2 != 0) return refuse("the number of blocks must be even, 2 to 20");
  std::vector<BlockSums> sums;
  for (const std::vector<double>& one : series) {
    if (one.size() != series.front().size()) return refuse("the series of the trials have different lengths");
    if (one.size() < blocks) return refuse("the series of the trials are shorter than the number of blocks");
    sums.push_back(block_sums(one, blocks));
  }
  const std::uint32_t all = (1U << blocks) - 1;
  double halves = 0, overfitted = 0;
  for (std::uint32_t inside = 1; inside < all; ++inside) {
    if (static_cast<std::size_t>(std::popcount(inside)) != blocks / 2) continue;
    std::size_t best = 0;
    double highest = -std::numeric_limits<double>::infinity();
    for (std::size_t n = 0; n < sums.size(); ++n) {
      if (const double ratio = ratio_over(sums[n], inside); ratio > highest) {
        highest = ratio;
        best = n;
      }
    }
    const double outside = ratio_over(sums[best], all & ~inside);
    double below = 0, equal = 0;
    for (const BlockSums& other : sums) {
      const double ratio = ratio_over(other, all & ~inside);
      below += ratio < outside ? 1 : 0;
      equal += ratio == outside ? 1 : 0;
    }
    // Relative rank among n + 1 places; equal ones share theirs.
    const double rank = (below + (equal + 1) / 2) / (static_cast<double>(sums.size()) + 1);
    halves += 1;
    overfitted += rank < 0.5 ? 1 : rank == 0.5 ? 0.5 : 0;
  }
  return overfitted / halves;
}

}  // namespace candled::model
