// Exponential moving average: e <- e + (x - e) * 2 / (n + 1), seeded with the plain mean of the first n values.
// Unit: the input's. Warm-up: n values. Source: TA-Lib EMA. Recursive: carries on over a gap.
#pragma once

#include <cstdint>

#include "candled/features/number.hpp"

namespace candled::features {

class Ema {
 public:
  explicit Ema(int n) : n_(n), factor_(2.0 / (n + 1)) {}

  void update(double x) {
    if (count_ == n_) {
      average_ = (x - average_) * factor_ + average_;
      return;
    }
    average_ += x;  // a plain sum until the seed is made
    if (++count_ == n_) average_ /= n_;
  }
  bool ready() const { return count_ == n_; }
  double value() const { return ready() ? average_ : unknown; }

  template <class Archive>
  void state(Archive& archive) {
    archive(average_);
    archive(count_);
  }

 private:
  std::int32_t n_;
  double factor_;
  double average_ = 0;
  std::int32_t count_ = 0;
};

}  // namespace candled::features
