// Linear regression: ordinary least-squares slope of the last n closes over their positions.
// Unit: quote currency per candle. Warm-up: n closes; n >= 2. Source: TA-Lib LINEARREG_SLOPE.
#pragma once

#include "candled/features/rolling/rolling_line.hpp"

namespace candled::features {

class LinearRegression {
 public:
  explicit LinearRegression(int n) : line_(n) {}

  void update(double close) { line_.update(close); }
  bool ready() const { return line_.ready(); }
  double slope() const { return line_.slope(); }
  void clear() { line_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    line_.state(archive);
  }

 private:
  RollingLine line_;
};

}  // namespace candled::features
