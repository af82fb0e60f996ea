// RollingMoments: mean and variance of the last n values. O(1), no drift. Warm after n values.
//
// Keeps the sums of x and x^2 in about 106 bits each, so the difference n * sum(x^2) - sum(x)^2 keeps some 60 good bits
// even at prices a million times the deviation, where plain doubles leave noise. A window of n equal values has
// variance exactly 0.
#pragma once

#include <cmath>
#include <cstdint>

#include "candled/features/number.hpp"
#include "candled/features/rolling/exact_sum.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class RollingMoments {
 public:
  explicit RollingMoments(int n) : window_(n), n_(n) {}

  void update(double x) {
    const double dropped = window_.full() ? window_.oldest() : 0;
    sum_.replace(dropped, x);
    squares_.replace_square(dropped, x);
    window_.push(x);
    equal_run_ = x == newest_ && equal_run_ > 0 ? equal_run_ + (equal_run_ < n_ ? 1 : 0) : 1;
    newest_ = x;
    if (ready()) measure();
  }
  bool ready() const { return window_.full(); }
  bool flat() const { return equal_run_ >= n_; }  // all n values are equal
  double mean() const { return ready() ? sum_.value() / n_ : unknown; }
  // Newest value - mean, without cancellation.
  double newest_from_mean() const {
    if (!ready()) return unknown;
    if (flat()) return 0;
    ExactSum difference;
    difference.add_product(n_, newest_);
    difference.add_multiple(-1, sum_);
    return difference.value() / n_;
  }
  // degrees_of_freedom_lost: 0 for the population's, 1 for the sample's.
  double deviation(int degrees_of_freedom_lost) const {
    return degrees_of_freedom_lost == 0 ? deviation_ : std::sqrt(spread_ / (n_ * (n_ - degrees_of_freedom_lost)));
  }
  void clear() {
    spread_ = deviation_ = unknown;
    window_.clear();
    sum_ = squares_ = ExactSum();
    equal_run_ = 0;
  }

  template <class Archive>
  void state(Archive& archive) {
    window_.state(archive);
    sum_.state(archive);
    squares_.state(archive);
    archive(newest_);
    archive(spread_);
    archive(deviation_);
    archive(equal_run_);
  }

 private:
  void measure() {
    ExactSum spread;
    spread.add_multiple(n_, squares_);
    spread.subtract_square(sum_);
    spread_ = flat() || spread.value() < 0 ? 0 : spread.value();
    deviation_ = std::sqrt(spread_) / n_;
  }

  Window window_;
  double n_;
  ExactSum sum_, squares_;
  double newest_ = 0;
  double spread_ = unknown;     // n^2 times the population variance
  double deviation_ = unknown;  // the population's
  std::int32_t equal_run_ = 0;  // how many of the newest values are equal, at most n
};

}  // namespace candled::features
