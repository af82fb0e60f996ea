// Commodity channel index: (typical - mean) / (0.015 * mean absolute deviation) over n candles; 0 while typical is on
// the mean or nothing deviates. Unit: index, mostly -200 to 200. Warm-up: n candles. Source: D. Lambert; TA-Lib CCI.
// The mean absolute deviation has no O(1) form: it is summed anew over the window, as TA-Lib does.
#pragma once

#include <cmath>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/exact_sum.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class Cci {
 public:
  explicit Cci(int n) : window_(n), n_(n) {}

  void update(const Bar& bar) {
    sum_.replace(window_.full() ? window_.oldest() : 0, bar.typical);
    window_.push(bar.typical);
    value_ = window_.full() ? measure(bar.typical) : unknown;
  }
  bool ready() const { return window_.full(); }
  double value() const { return value_; }
  void clear() {
    window_.clear();
    sum_ = ExactSum();
    value_ = unknown;
  }

  template <class Archive>
  void state(Archive& archive) {
    window_.state(archive);
    sum_.state(archive);
    archive(value_);
  }

 private:
  double measure(double typical) const {
    const double mean = sum_.value() / n_;
    double deviation = 0;
    for (double x : window_.slots()) deviation += std::abs(x - mean);
    // Exact, so that a flat window is 0: the mean of n equal prices may be off by one bit, which TA-Lib turns into
    // +-66.67.
    ExactSum above;
    above.add_product(n_, typical);
    above.add_multiple(-1, sum_);
    const double distance = above.value() / n_;
    return distance == 0 || deviation == 0 ? 0 : distance / (0.015 * (deviation / n_));
  }

  Window window_;
  double n_;
  ExactSum sum_;
  double value_ = unknown;
};

}  // namespace candled::features
