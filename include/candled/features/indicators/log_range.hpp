// Log range: ln(high / low) of the candle, as log1p so that narrow candles keep all their digits. Shared by the range
// volatilities. Unit: log ratio. Warm-up: 1 candle. Source: definition.
#pragma once

#include <cmath>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class LogRange {
 public:
  void update(const Bar& bar) { value_ = std::log1p(ratio(bar.high - bar.low, bar.low)); }
  bool ready() const { return known(value_); }
  double value() const { return value_; }

  // Nothing of a candle is left for the next one.
  template <class Archive>
  void state(Archive&) {}

 private:
  double value_ = unknown;
};

}  // namespace candled::features
