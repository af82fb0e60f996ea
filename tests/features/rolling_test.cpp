// The rolling sums, moments and extremes against a fresh computation over the window, over long and nasty input.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <deque>

#include "candled/features/rolling/rolling_moments.hpp"
#include "candled/features/rolling/rolling_range.hpp"
#include "candled/features/rolling/rolling_sum.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;

struct Fresh {
  double sum = 0, deviation = 0, maximum = 0, minimum = 0;
};
Fresh fresh(const std::deque<double>& window) {
  long double sum = 0, squares = 0;
  for (double x : window) sum += static_cast<long double>(x) - window.front();
  const auto n = static_cast<long double>(window.size());
  const long double mean = sum / n;
  for (double x : window) {
    const long double away = static_cast<long double>(x) - window.front() - mean;
    squares += away * away;
  }
  return {static_cast<double>(sum + n * window.front()), static_cast<double>(std::sqrt(squares / n)),
          *std::max_element(window.begin(), window.end()), *std::min_element(window.begin(), window.end())};
}

void check(int n, int count, std::uint64_t seed) {
  Random random(seed);
  RollingSum sum(n);
  RollingMoments moments(n);
  RollingRange range(n);
  std::deque<double> window;
  double x = 60000;
  int wrong = 0, wrong_flat = 0;
  for (int i = 0; i < count; ++i) {
    const double kind = random.uniform();
    if (kind < 0.002)
      x = 60000 * std::exp(4 * random.uniform() - 2);  // a jump to another price level
    else if (kind < 0.5)
      x = std::round(x * 100 * (1 + 1e-3 * (random.uniform() - 0.5))) / 100;
    else if (kind < 0.55)
      x += 0.01;
    sum.update(x);
    moments.update(x);
    range.update(x, x);
    window.push_back(x);
    if (window.size() > static_cast<std::size_t>(n)) window.pop_front();
    if (!sum.ready()) continue;
    const Fresh expected = fresh(window);
    const bool flat = expected.maximum == expected.minimum;
    if (flat && (moments.deviation(0) != 0 || moments.newest_from_mean() != 0)) ++wrong_flat;
    const bool good = std::abs(sum.value() - expected.sum) <= 1e-15 * expected.sum &&
                      std::abs(moments.deviation(0) - expected.deviation) <= 1e-12 * expected.deviation &&
                      range.highest() == expected.maximum && range.lowest() == expected.minimum;
    if (!good) ++wrong;
  }
  INFO("n " << n << " seed " << seed);
  CHECK(wrong == 0);
  CHECK(wrong_flat == 0);
}

TEST_CASE("rolling values do not drift") {
  check(1, 2000, 41);
  check(2, 5000, 42);
  check(14, 50000, 43);
  check(20, 300000, 44);
  check(60, 50000, 45);
}

TEST_CASE("a window of zeros sums to exactly zero whatever went before") {
  RollingSum sum(3);
  for (double x : {1e300, 3.14159, 1e-300, 7e200, 0.1, 0.0, 0.0, 0.0}) sum.update(x);
  CHECK(sum.value() == 0);
  CHECK(sum.mean() == 0);
  sum.clear();
  CHECK_FALSE(sum.ready());
  CHECK(std::isnan(sum.value()));
}

TEST_CASE("an extreme leaves with its candle, ties included") {
  RollingRange range(3);
  const double highs[] = {5, 5, 4, 4, 3, 9, 1, 1, 1};
  const double expected[] = {0, 0, 5, 5, 4, 9, 9, 9, 1};
  for (int i = 0; i < 9; ++i) {
    range.update(highs[i], -highs[i]);
    CHECK(range.ready() == (i >= 2));
    if (i >= 2) CHECK(range.highest() == expected[i]);
    if (i >= 2) CHECK(range.lowest() == -expected[i]);
  }
}

}  // namespace
}  // namespace candled::features
