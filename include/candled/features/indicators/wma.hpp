// Weighted moving average: weights 1 (oldest) to n (newest) over the last n values.
// Unit: the input's. Warm-up: n values. Source: TA-Lib WMA, without the drift of its two running sums.
#pragma once

#include "candled/features/rolling/rolling_line.hpp"

namespace candled::features {

class Wma {
 public:
  explicit Wma(int n) : line_(n) {}

  void update(double x) { line_.update(x); }
  bool ready() const { return line_.ready(); }
  double value() const { return line_.weighted_mean(); }
  void clear() { line_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    line_.state(archive);
  }

 private:
  RollingLine line_;
};

}  // namespace candled::features
