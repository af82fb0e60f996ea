// RollingMean: the mean of the last n values of about the same size (prices). O(1) amortised, warm after n values.
//
// Works like RollingLine: distances from a near reference, summed afresh each time the ring comes round. Values that
// differ by many orders of magnitude, like volumes, want RollingSum.
#pragma once

#include "candled/features/number.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class RollingMean {
 public:
  explicit RollingMean(int n) : window_(n), share_(1.0 / n) {}

  void update(double x) {
    if (window_.full()) {
      sum_ += x - window_.oldest();
    } else {
      if (window_.empty()) reference_ = fresh_reference_ = x;
      sum_ += x - reference_;
    }
    window_.push(x);
    fresh_ += x - fresh_reference_;
    if (window_.came_round()) {
      reference_ = fresh_reference_;
      sum_ = fresh_;
      fresh_reference_ = x;
      fresh_ = 0;
    }
  }
  bool ready() const { return window_.full(); }
  double value() const { return ready() ? reference_ + sum_ * share_ : unknown; }
  void clear() {
    window_.clear();
    sum_ = fresh_ = 0;
  }

  template <class Archive>
  void state(Archive& archive) {
    window_.state(archive);
    archive(reference_);
    archive(sum_);
    archive(fresh_reference_);
    archive(fresh_);
  }

 private:
  Window window_;
  double share_;
  double reference_ = 0, sum_ = 0;          // of the window
  double fresh_reference_ = 0, fresh_ = 0;  // of the values since the ring came round
};

}  // namespace candled::features
