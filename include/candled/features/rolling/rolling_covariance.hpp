// RollingCovariance: least-squares slope of y on x over the last n pairs. O(1), no drift. Warm after n pairs.
// Keeps the sums in about 106 bits each, like RollingMoments.
#pragma once

#include "candled/features/number.hpp"
#include "candled/features/rolling/exact_sum.hpp"
#include "candled/features/rolling/rolling_moments.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class RollingCovariance {
 public:
  explicit RollingCovariance(int n) : x_(n), y_(n), x_moments_(n), n_(n) {}

  void update(double x, double y) {
    if (x_.full()) {
      products_.add_product(-x_.oldest(), y_.oldest());
      y_sum_.add(-y_.oldest());
    }
    products_.add_product(x, y);
    y_sum_.add(y);
    x_.push(x);
    y_.push(y);
    x_moments_.update(x);
  }
  bool ready() const { return x_.full(); }
  // Unknown while x does not vary.
  double slope() const {
    if (!ready()) return unknown;
    const double deviation = x_moments_.deviation(0);
    const double covariance = products_.value() / n_ - x_moments_.mean() * (y_sum_.value() / n_);
    return ratio(covariance, deviation * deviation);
  }
  void clear() {
    x_.clear();
    y_.clear();
    x_moments_.clear();
    products_ = y_sum_ = ExactSum();
  }

  template <class Archive>
  void state(Archive& archive) {
    x_.state(archive);
    y_.state(archive);
    x_moments_.state(archive);
    products_.state(archive);
    y_sum_.state(archive);
  }

 private:
  Window x_, y_;
  RollingMoments x_moments_;
  double n_;
  ExactSum products_, y_sum_;
};

}  // namespace candled::features
