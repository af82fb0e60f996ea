// Garman-Klass volatility: sqrt(mean over n candles of 0.5 ln(high / low)^2 - (2 ln 2 - 1) ln(close / open)^2).
// Unit: log ratio per candle. Warm-up: n candles. Source: M. Garman and M. Klass, "On the Estimation of Security Price
// Volatilities from Historical Data", 1980.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "candled/features/bar.hpp"
#include "candled/features/indicators/log_range.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class GarmanKlass {
 public:
  // The range is updated before this, and outlives it.
  GarmanKlass(const LogRange& range, int n) : range_(range), terms_(n) {}

  void update(const Bar& bar) {
    const double width = range_.value();
    const double body = std::log1p(ratio(bar.close - bar.open, bar.open));
    terms_.update(0.5 * width * width - (2 * std::numbers::ln2 - 1) * body * body);
  }
  bool ready() const { return terms_.ready(); }
  // No term is negative in a valid candle, since |body| <= width.
  double value() const { return ready() ? std::sqrt(std::max(0.0, terms_.mean())) : unknown; }
  void clear() { terms_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    terms_.state(archive);
  }

 private:
  const LogRange& range_;
  RollingSum terms_;
};

}  // namespace candled::features
