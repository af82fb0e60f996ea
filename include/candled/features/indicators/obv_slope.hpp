// Slope of the on-balance volume, free of scale: (OBV - OBV n candles ago) / volume of the last n candles.
// Unit: -1 to 1. Warm-up: n + 1 candles; unknown while the volume is 0. Source: ours, from TA-Lib OBV.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class ObvSlope {
 public:
  explicit ObvSlope(int n) : steps_(n), volume_(n) {}

  void update(const Bar& bar) {
    if (started_) {
      const int direction = (bar.close > previous_close_ ? 1 : 0) - (bar.close < previous_close_ ? 1 : 0);
      steps_.update(direction * bar.volume);
      volume_.update(bar.volume);
    }
    previous_close_ = bar.close;
    started_ = true;
  }
  bool ready() const { return steps_.ready(); }
  double value() const { return ratio(steps_.value(), volume_.value()); }
  void clear() {
    steps_.clear();
    volume_.clear();
    started_ = false;
  }

  template <class Archive>
  void state(Archive& archive) {
    steps_.state(archive);
    volume_.state(archive);
    archive(previous_close_);
    archive(started_);
  }

 private:
  RollingSum steps_, volume_;
  double previous_close_ = 0;
  bool started_ = false;
};

}  // namespace candled::features
