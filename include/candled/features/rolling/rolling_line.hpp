// RollingLine: mean, linearly weighted mean and least-squares slope of the last n values. O(1) amortised, warm after n
// values.
//
// Works on distances from a reference near the values, so little cancels, and sums afresh from the window each time the
// ring comes round, so rounding never adds up for longer than n values.
#pragma once

#include <cstddef>

#include "candled/features/number.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class RollingLine {
 public:
  explicit RollingLine(int n) : window_(n), n_(n) {}

  void update(double x) {
    if (!window_.full()) {
      if (window_.empty()) reference_ = x;
      ++count_;
      window_.push(x);
      sum_ += x - reference_;
      weighted_ += (x - reference_) * count_;
    } else {
      const double dropped = window_.oldest();
      window_.push(x);
      weighted_ += n_ * (x - reference_) - sum_;  // every value but the newest moves down by one weight
      sum_ += x - dropped;
    }
    if (window_.came_round()) sum_afresh(x);
  }
  bool ready() const { return window_.full(); }
  double mean() const { return ready() ? reference_ + sum_ / n_ : unknown; }
  // Weights 1 for the oldest to n for the newest.
  double weighted_mean() const { return ready() ? reference_ + weighted_ / (n_ * (n_ + 1) / 2) : unknown; }
  // Per value; needs n >= 2.
  double slope() const {
    if (!ready()) return unknown;
    return (weighted_ - (n_ + 1) / 2 * sum_) * 12 / (n_ * (n_ * n_ - 1));
  }
  void clear() {
    window_.clear();
    sum_ = weighted_ = count_ = 0;
  }

  template <class Archive>
  void state(Archive& archive) {
    window_.state(archive);
    archive(reference_);
    archive(sum_);
    archive(weighted_);
    archive(count_);
  }

 private:
  // The slots stand in the order of time now.
  void sum_afresh(double newest) {
    reference_ = newest;
    sum_ = weighted_ = 0;
    double weight = 0;
    for (double x : window_.slots()) {
      sum_ += x - reference_;
      weighted_ += (x - reference_) * ++weight;
    }
  }

  Window window_;
  double n_;
  double reference_ = 0;
  double sum_ = 0, weighted_ = 0;  // of the distances from the reference
  double count_ = 0;               // while the window fills
};

}  // namespace candled::features
