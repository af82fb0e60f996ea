// Statistics of a series of returns, and their intervals by circular block bootstrap (Politis, Romano 1992).
#pragma once

#include <cstdint>
#include <span>

#include "candled/trading/performance.hpp"

namespace candled::trading {

struct ReturnMoments {
  double mean = not_known;
  double deviation = not_known;  // with n - 1; NaN below two returns
  double downside = not_known;   // root of the mean square of the negative ones
};
ReturnMoments moments_of(std::span<const double> returns);

// mean / deviation * root(samples a year); NaN where nothing varies.
double sharpe_of(std::span<const double> returns, double samples_per_year);

struct ReturnIntervals {
  Interval95 total_return, sharpe;
};
// 1,000 resamples of blocks of about the cube root of the series' length; percentiles 2.5 and 97.5. NaN below 10 returns. The same
// seed gives the same intervals.
ReturnIntervals bootstrap(std::span<const double> returns, double samples_per_year, std::uint64_t seed);

}  // namespace candled::trading
