// Simple moving average: mean of the last n values.
// Unit: the input's. Warm-up: n values. Source: TA-Lib SMA.
#pragma once

#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class Sma {
 public:
  explicit Sma(int n) : sum_(n) {}

  void update(double x) { sum_.update(x); }
  bool ready() const { return sum_.ready(); }
  double value() const { return sum_.mean(); }
  void clear() { sum_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    sum_.state(archive);
  }

 private:
  RollingSum sum_;
};

}  // namespace candled::features
