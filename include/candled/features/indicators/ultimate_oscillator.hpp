// Ultimate oscillator: 100 * (4 b1/t1 + 2 b2/t2 + b3/t3) / 7, b and t the sums of buying pressure and true range over
// three windows; a term whose true range is 0 is left out while the divisor stays 7. Buying pressure = close - min(low,
// previous close). Unit: 0 to 100. Warm-up: longest window + 1 candles. Source: L. Williams 1976; TA-Lib ULTOSC.
#pragma once

#include <algorithm>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/nested_sums.hpp"

namespace candled::features {

class UltimateOscillator {
 public:
  // first < second < third.
  UltimateOscillator(int first, int second, int third)
      : pressure_(first, second, third), range_(first, second, third) {}

  void update(const Bar& bar) {
    if (started_) {
      const double low = std::min(bar.low, previous_close_);
      pressure_.update(bar.close - low);
      range_.update(std::max(bar.high, previous_close_) - low);
    }
    previous_close_ = bar.close;
    started_ = true;
  }
  bool ready() const { return range_.ready(); }
  double value() const {
    if (!ready()) return unknown;
    return 100 * ((4 * term(0) + 2 * term(1) + term(2)) / 7);
  }
  void clear() {
    pressure_.clear();
    range_.clear();
    started_ = false;
  }

  template <class Archive>
  void state(Archive& archive) {
    pressure_.state(archive);
    range_.state(archive);
    archive(previous_close_);
    archive(started_);
  }

 private:
  double term(int i) const { return range_.value(i) == 0 ? 0 : pressure_.value(i) / range_.value(i); }

  NestedSums pressure_, range_;
  double previous_close_ = 0;
  bool started_ = false;
};

}  // namespace candled::features
