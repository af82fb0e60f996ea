// Volume-weighted average price of the last n candles: sum(typical * volume) / sum(volume); unknown while the volume is
// 0. Unit: quote currency. Warm-up: n candles. Source: definition, typical = (high + low + close) / 3.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class RollingVwap {
 public:
  explicit RollingVwap(int n) : turnover_(n), volume_(n) {}

  void update(const Bar& bar) {
    turnover_.update(bar.typical * bar.volume);
    volume_.update(bar.volume);
  }
  bool ready() const { return volume_.ready(); }
  double value() const { return ratio(turnover_.value(), volume_.value()); }
  void clear() {
    turnover_.clear();
    volume_.clear();
  }

  template <class Archive>
  void state(Archive& archive) {
    turnover_.state(archive);
    volume_.state(archive);
  }

 private:
  RollingSum turnover_, volume_;
};

}  // namespace candled::features
