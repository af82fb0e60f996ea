// Commodity channel index: (typical - mean) / (0.015 * mean absolute deviation) over n candles; 0 while typical is on
// the mean or nothing deviates. Unit: index, mostly -200 to 200. Warm-up: n candles. Source: D. Lambert; TA-Lib CCI.
// The mean absolute deviation has no O(1) form: it is summed again over the window, as TA-Lib does.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

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
    const double deviation = summed_deviation(mean);
    // Exact, so that a flat window is 0: the mean of n equal prices may be off by one bit, which TA-Lib turns into
    // +-66.67.
    ExactSum above;
    above.add_product(n_, typical);
    above.add_multiple(-1, sum_);
    const double distance = above.value() / n_;
    return distance == 0 || deviation == 0 ? 0 : distance / (0.015 * (deviation / n_));
  }

  // In four parts: one addition need not wait for the one before it.
  double summed_deviation(double mean) const {
    const std::vector<double>& slots = window_.slots();
    double a = 0, b = 0, c = 0, d = 0;
    std::size_t i = 0;
    for (; i + 4 <= slots.size(); i += 4) {
      a += std::abs(slots[i] - mean);
      b += std::abs(slots[i + 1] - mean);
      c += std::abs(slots[i + 2] - mean);
      d += std::abs(slots[i + 3] - mean);
    }
    for (; i < slots.size(); ++i) a += std::abs(slots[i] - mean);
    return (a + b) + (c + d);
  }

  Window window_;
  double n_;
  ExactSum sum_;
  double value_ = unknown;
};

}  // namespace candled::features
