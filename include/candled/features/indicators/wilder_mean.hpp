// Wilder's mean: the plain mean of the first n values, then m <- m + (x - m) / n.
// Unit: the input's. Warm-up: n values. Source: J. Welles Wilder, "New Concepts in Technical Trading Systems", 1978.
// Recursive: carries on over a gap.
#pragma once

#include <cstdint>

#include "candled/features/number.hpp"

namespace candled::features {

class WilderMean {
 public:
  explicit WilderMean(int n) : n_(n), share_(1.0 / n) {}

  void update(double x) {
    if (count_ == n_) {
      mean_ += (x - mean_) * share_;
      return;
    }
    mean_ += x;  // a plain sum until the seed is made
    if (++count_ == n_) mean_ /= n_;
  }
  bool ready() const { return count_ == n_; }
  double value() const { return ready() ? mean_ : unknown; }

  template <class Archive>
  void state(Archive& archive) {
    archive(mean_);
    archive(count_);
  }

 private:
  std::int32_t n_;
  double share_;
  double mean_ = 0;
  std::int32_t count_ = 0;
};

}  // namespace candled::features
