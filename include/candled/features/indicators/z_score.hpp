// Z-score: (x - mean) / deviation over the last n values, the newest included; unknown while the deviation is 0.
// Unit: deviations (population for value, sample for sample_value). Warm-up: n values. Source: definition.
#pragma once

#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_moments.hpp"

namespace candled::features {

class ZScore {
 public:
  explicit ZScore(int n) : moments_(n) {}

  void update(double x) { moments_.update(x); }
  bool ready() const { return moments_.ready(); }
  double value() const { return ratio(moments_.newest_from_mean(), moments_.deviation(0)); }
  double sample_value() const { return ratio(moments_.newest_from_mean(), moments_.deviation(1)); }
  void clear() { moments_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    moments_.state(archive);
  }

 private:
  RollingMoments moments_;
};

}  // namespace candled::features
