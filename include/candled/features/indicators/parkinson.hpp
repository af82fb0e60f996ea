// Parkinson volatility: sqrt(sum of ln(high / low)^2 over n candles / (4 n ln 2)).
// Unit: log ratio per candle. Warm-up: n candles. Source: M. Parkinson, "The Extreme Value Method for Estimating the
// Variance of the Rate of Return", 1980.
#pragma once

#include <cmath>
#include <numbers>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class Parkinson {
 public:
  explicit Parkinson(int n) : squares_(n) {}

  void update(const Bar& bar) {
    const double width = std::log1p(ratio(bar.high - bar.low, bar.low));
    squares_.update(width * width);
  }
  bool ready() const { return squares_.ready(); }
  double value() const { return std::sqrt(squares_.mean() / (4 * std::numbers::ln2)); }
  void clear() { squares_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    squares_.state(archive);
  }

 private:
  RollingSum squares_;
};

}  // namespace candled::features
