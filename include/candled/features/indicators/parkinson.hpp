// Parkinson volatility: sqrt(sum of ln(high / low)^2 over n candles / (4 n ln 2)).
// Unit: log ratio per candle. Warm-up: n candles. Source: M. Parkinson, "The Extreme Value Method for Estimating the
// Variance of the Rate of Return", 1980.
#pragma once

#include <cmath>
#include <numbers>

#include "candled/features/bar.hpp"
#include "candled/features/indicators/log_range.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class Parkinson {
 public:
  // The range is updated before this, and outlives it.
  Parkinson(const LogRange& range, int n) : range_(range), squares_(n) {}

  void update(const Bar&) { squares_.update(range_.value() * range_.value()); }
  bool ready() const { return squares_.ready(); }
  double value() const { return std::sqrt(squares_.mean() / (4 * std::numbers::ln2)); }
  void clear() { squares_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    squares_.state(archive);
  }

 private:
  const LogRange& range_;
  RollingSum squares_;
};

}  // namespace candled::features
