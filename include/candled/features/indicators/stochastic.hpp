// Stochastic: raw K = (close - lowest low) / ((highest high - lowest low) / 100) over n candles, 0 while the range is
// 0; K = mean of raw K over k, D = mean of K over d. Unit: 0 to 100. Warm-up: n + k + d - 2 candles for both.
// Source: G. Lane; TA-Lib STOCH.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/indicators/donchian.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class Stochastic {
 public:
  // The channel, of n candles, is updated before this, and outlives it.
  Stochastic(const Donchian& channel, int k, int d) : channel_(channel), k_(k), d_(d) {}

  void update(const Bar& bar) {
    if (!channel_.ready()) return;
    const double width = channel_.upper() - channel_.lower();
    k_.update(width == 0 ? 0 : (bar.close - channel_.lower()) / (width / 100));
    if (k_.ready()) d_.update(k_.mean());
  }
  bool ready() const { return d_.ready(); }
  double k() const { return ready() ? k_.mean() : unknown; }
  double d() const { return d_.mean(); }
  void clear() {
    k_.clear();
    d_.clear();
  }

  template <class Archive>
  void state(Archive& archive) {
    k_.state(archive);
    d_.state(archive);
  }

 private:
  const Donchian& channel_;
  RollingSum k_, d_;
};

}  // namespace candled::features
