// The numbers of a feature row: "unknown" is NaN, and a division never gives an infinity.
#pragma once

#include <cmath>
#include <limits>

namespace candled::features {

// Not warm, or not defined (0/0). The model treats it as missing.
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

inline bool known(double x) { return x == x; }

inline double ratio(double numerator, double denominator) {
  return denominator == 0 ? unknown : numerator / denominator;
}

// Wilder means shrink through a long flat stretch but never reach 0; below this they are about to lose their bits (some
// 6000 flat candles) and count as zero. TA-Lib draws the line at 1e-14 instead, which is a price level: for a coin at
// 0.00001 it would swallow real moves. Both agree unless a market stands still for hundreds of candles.
inline bool vanished(double value) { return std::abs(value) < 1e-200; }

}  // namespace candled::features
