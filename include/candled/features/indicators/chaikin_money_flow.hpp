// Chaikin money flow: sum(m * volume) / sum(volume) over n candles, m = ((close - low) - (high - close)) / (high -
// low), 0 if the candle has no range; 0 while the volume is 0. Unit: -1 to 1. Warm-up: n candles. Source: M. Chaikin.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class ChaikinMoneyFlow {
 public:
  explicit ChaikinMoneyFlow(int n) : flow_(n), volume_(n) {}

  void update(const Bar& bar) {
    const double range = bar.high - bar.low;
    const double multiplier = range > 0 ? ((bar.close - bar.low) - (bar.high - bar.close)) / range : 0;
    flow_.update(multiplier * bar.volume);
    volume_.update(bar.volume);
  }
  bool ready() const { return volume_.ready(); }
  double value() const {
    if (!ready()) return unknown;
    return volume_.value() == 0 ? 0 : flow_.value() / volume_.value();
  }
  void clear() {
    flow_.clear();
    volume_.clear();
  }

  template <class Archive>
  void state(Archive& archive) {
    flow_.state(archive);
    volume_.state(archive);
  }

 private:
  RollingSum flow_, volume_;
};

}  // namespace candled::features
