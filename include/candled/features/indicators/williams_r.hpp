// Williams %R: -100 * (highest high - close) / (highest high - lowest low) over n candles; 0 while the range is 0.
// Unit: -100 to 0. Warm-up: n candles. Source: L. Williams; TA-Lib WILLR.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_range.hpp"

namespace candled::features {

class WilliamsR {
 public:
  explicit WilliamsR(int n) : range_(n) {}

  void update(const Bar& bar) {
    range_.update(bar.high, bar.low);
    const double width = range_.highest() - range_.lowest();
    value_ = width == 0 ? 0 : (range_.highest() - bar.close) / (width / -100);
  }
  bool ready() const { return range_.ready(); }
  double value() const { return ready() ? value_ : unknown; }
  void clear() { range_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    range_.state(archive);
    archive(value_);
  }

 private:
  RollingRange range_;
  double value_ = 0;
};

}  // namespace candled::features
