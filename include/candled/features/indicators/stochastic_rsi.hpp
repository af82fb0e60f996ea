// Stochastic RSI: K = the RSI's place in its own range over the last n values, 0 while the range is 0; D = mean of K
// over d. K is not smoothed. Unit: 0 to 100. Warm-up: period of the RSI + n + d - 1 candles for both.
// Source: T. Chande and S. Kroll 1994; TA-Lib STOCHRSI with its guard for a range of rounding noise.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/indicators/rsi.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_range.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class StochasticRsi {
 public:
  // The RSI is updated before this, and outlives it.
  StochasticRsi(const Rsi& rsi, int n, int d) : rsi_(rsi), range_(n), d_(d) {}

  void update(const Bar&) {
    if (!rsi_.ready()) return;
    const double rsi = rsi_.value();
    range_.update(rsi, rsi);
    if (!range_.ready()) return;
    const double width = range_.highest() - range_.lowest();
    k_ = width < noise ? 0 : (rsi - range_.lowest()) / (width / 100);
    d_.update(k_);
  }
  bool ready() const { return d_.ready(); }
  double k() const { return ready() ? k_ : unknown; }
  double d() const { return d_.mean(); }
  // Its windows hold an RSI that carries on over a gap, but values from before it.
  void clear() {
    range_.clear();
    d_.clear();
  }

  template <class Archive>
  void state(Archive& archive) {
    range_.state(archive);
    d_.state(archive);
    archive(k_);
  }

 private:
  static constexpr double noise = 1e-12;

  const Rsi& rsi_;
  RollingRange range_;
  RollingSum d_;
  double k_ = 0;
};

}  // namespace candled::features
