// Kaufman's adaptive moving average: k <- k + (x - k) * c, c = (efficiency * (2/3 - 2/31) + 2/31)^2. Efficiency is
// |change over n| / sum of the last n absolute one-candle changes, and 1 when that sum is not above the signed change
// (so a flat market closes 4/9 of the distance a candle). Starts at the n-th value.
// Unit: the input's. Warm-up: n + 1 values. Source: P. Kaufman; TA-Lib KAMA. Recursive: carries on over a gap.
#pragma once

#include <cmath>

#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class Kama {
 public:
  explicit Kama(int n) : values_(n), moves_(n) {}

  void update(double x) {
    if (!values_.empty()) moves_.update(std::abs(x - previous_));
    if (moves_.ready()) {
      if (!known(average_)) average_ = previous_;
      adapt(x, x - values_.oldest(), moves_.value());
    }
    values_.push(x);
    previous_ = x;
  }
  bool ready() const { return known(average_); }
  double value() const { return average_; }

  template <class Archive>
  void state(Archive& archive) {
    values_.state(archive);
    moves_.state(archive);
    archive(previous_);
    archive(average_);
  }

 private:
  void adapt(double x, double change, double path) {
    const double efficiency = path <= change || path == 0 ? 1 : std::abs(change / path);
    const double step = efficiency * (2.0 / 3 - 2.0 / 31) + 2.0 / 31;
    average_ += (x - average_) * (step * step);
  }

  Window values_;
  RollingSum moves_;
  double previous_ = 0;
  double average_ = unknown;
};

}  // namespace candled::features
