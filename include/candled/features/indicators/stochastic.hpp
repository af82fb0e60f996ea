// Stochastic: raw K = (close - lowest low) / ((highest high - lowest low) / 100) over n candles, 0 while the range is
// 0; K = mean of raw K over k, D = mean of K over d. Unit: 0 to 100. Warm-up: n + k + d - 2 candles for both.
// Source: G. Lane; TA-Lib STOCH.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_range.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class Stochastic {
 public:
  Stochastic(int n, int k, int d) : range_(n), k_(k), d_(d) {}

  void update(const Bar& bar) {
    range_.update(bar.high, bar.low);
    if (!range_.ready()) return;
    const double width = range_.highest() - range_.lowest();
    k_.update(width == 0 ? 0 : (bar.close - range_.lowest()) / (width / 100));
    if (k_.ready()) d_.update(k_.mean());
  }
  bool ready() const { return d_.ready(); }
  double k() const { return ready() ? k_.mean() : unknown; }
  double d() const { return d_.mean(); }
  void clear() {
    range_.clear();
    k_.clear();
    d_.clear();
  }

  template <class Archive>
  void state(Archive& archive) {
    range_.state(archive);
    k_.state(archive);
    d_.state(archive);
  }

 private:
  RollingRange range_;
  RollingSum k_, d_;
};

}  // namespace candled::features
