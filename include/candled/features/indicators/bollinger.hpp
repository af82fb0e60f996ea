// Bollinger bands: middle = mean of the last n closes, upper and lower = middle +- width * population deviation; read
// from the RollingMoments of the closes. Unit: quote currency; percent_b = (close - lower) / (upper - lower), unknown
// while the deviation is 0; bandwidth = (upper - lower) / middle, a fraction. Warm-up: n closes. Source: J. Bollinger;
// TA-Lib BBANDS and STDDEV, without their rounding noise and without their rule that a variance below 1e-14 is 0.
#pragma once

#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_moments.hpp"

namespace candled::features::bollinger {

inline double middle(const RollingMoments& closes, double) { return closes.mean(); }
inline double upper(const RollingMoments& closes, double width) { return closes.mean() + width * closes.deviation(0); }
inline double lower(const RollingMoments& closes, double width) { return closes.mean() - width * closes.deviation(0); }
inline double percent_b(const RollingMoments& closes, double width) {
  const double reach = width * closes.deviation(0);
  return ratio(closes.newest_from_mean() + reach, 2 * reach);
}
inline double bandwidth(const RollingMoments& closes, double width) {
  return ratio(2 * (width * closes.deviation(0)), closes.mean());
}

}  // namespace candled::features::bollinger
