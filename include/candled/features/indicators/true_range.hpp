// True range: max(high - low, |high - previous close|, |low - previous close|).
// Unit: quote currency. Warm-up: 2 candles. Source: Wilder 1978; TA-Lib TRANGE.
#pragma once

#include <algorithm>
#include <cmath>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class TrueRange {
 public:
  void update(const Bar& bar) {
    range_ = unknown;
    if (started_) {
      const double up = std::abs(bar.high - previous_close_), down = std::abs(bar.low - previous_close_);
      range_ = std::max({bar.high - bar.low, up, down});
    }
    previous_close_ = bar.close;
    started_ = true;
  }
  bool ready() const { return range_ == range_; }
  double value() const { return range_; }
  void clear() {
    range_ = unknown;
    started_ = false;
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(range_);
    archive(previous_close_);
    archive(started_);
  }

 private:
  double range_ = unknown;
  double previous_close_ = 0;
  bool started_ = false;
};

}  // namespace candled::features
