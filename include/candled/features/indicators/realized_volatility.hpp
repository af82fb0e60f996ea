// Realised volatility: sample deviation (n - 1) of the last n one-candle log returns.
// Unit: log ratio per candle, not annualised. Warm-up: n + 1 candles. Source: definition.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/indicators/log_return.hpp"
#include "candled/features/rolling/rolling_moments.hpp"

namespace candled::features {

class RealizedVolatility {
 public:
  // The return over one candle is updated before this, and outlives it.
  RealizedVolatility(const LogReturn& step, int n) : step_(step), moments_(n) {}

  void update(const Bar&) {
    if (step_.ready()) moments_.update(step_.value());
  }
  bool ready() const { return moments_.ready(); }
  double value() const { return moments_.deviation(1); }
  void clear() { moments_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    moments_.state(archive);
  }

 private:
  const LogReturn& step_;
  RollingMoments moments_;
};

}  // namespace candled::features
