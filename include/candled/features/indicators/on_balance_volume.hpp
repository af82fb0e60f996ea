// On-balance volume: starts at the first candle's volume; + volume on a higher close, - volume on a lower one,
// unchanged on an equal one. Unit: base currency. Warm-up: 1 candle. Source: J. Granville; TA-Lib OBV. Recursive:
// carries on over a gap.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/exact_sum.hpp"

namespace candled::features {

class OnBalanceVolume {
 public:
  void update(const Bar& bar) {
    if (!started_ || bar.close > previous_close_) {
      total_.add(bar.volume);
    } else if (bar.close < previous_close_) {
      total_.add(-bar.volume);
    }
    previous_close_ = bar.close;
    started_ = true;
  }
  bool ready() const { return started_; }
  double value() const { return started_ ? total_.value() : unknown; }

  template <class Archive>
  void state(Archive& archive) {
    total_.state(archive);
    archive(previous_close_);
    archive(started_);
  }

 private:
  ExactSum total_;
  double previous_close_ = 0;
  bool started_ = false;
};

}  // namespace candled::features
