// Standard deviation of the last n values about their mean, population (divided by n).
// Unit: the input's. Warm-up: n values. Source: TA-Lib STDDEV, without its rounding noise and without its rule that a
// variance below 1e-14 is 0 (a price level); a window of equal values gives exactly 0.
#pragma once

#include "candled/features/rolling/rolling_moments.hpp"

namespace candled::features {

class StandardDeviation {
 public:
  explicit StandardDeviation(int n) : moments_(n) {}

  void update(double x) { moments_.update(x); }
  bool ready() const { return moments_.ready(); }
  double value() const { return moments_.deviation(0); }
  void clear() { moments_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    moments_.state(archive);
  }

 private:
  RollingMoments moments_;
};

}  // namespace candled::features
