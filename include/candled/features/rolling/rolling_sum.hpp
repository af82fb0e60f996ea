// RollingSum: the sum and mean of the last n values. O(1), no drift, exactly 0 when every value in the window is 0.
// Warm after n values.
#pragma once

#include <cstddef>
#include <cstdint>

#include "candled/features/number.hpp"
#include "candled/features/rolling/exact_sum.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class RollingSum {
 public:
  explicit RollingSum(int n) : window_(n), n_(n) {}

  void update(double x) {
    const double dropped = window_.full() ? window_.oldest() : 0;
    window_.push(x);
    if (window_.size() <= short_window) {  // adding three numbers is cheaper than keeping their sum exact
      sum_ = ExactSum();
      double sum = 0;
      for (double value : window_.filled()) sum += value;
      sum_.add(sum);
      return;
    }
    nonzero_ += (x != 0 ? 1 : 0) - (dropped != 0 ? 1 : 0);
    sum_.replace(dropped, x);
    if (nonzero_ == 0) sum_ = ExactSum();
  }
  bool ready() const { return window_.full(); }
  double value() const { return ready() ? sum_.value() : unknown; }
  double mean() const { return ready() ? sum_.value() / n_ : unknown; }
  void clear() {
    window_.clear();
    sum_ = ExactSum();
    nonzero_ = 0;
  }

  template <class Archive>
  void state(Archive& archive) {
    window_.state(archive);
    sum_.state(archive);
    archive(nonzero_);
  }

 private:
  static constexpr std::size_t short_window = 4;

  Window window_;
  double n_;
  ExactSum sum_;
  std::int32_t nonzero_ = 0;
};

}  // namespace candled::features
