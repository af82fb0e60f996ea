// Realised volatility: sample deviation (n - 1) of the last n one-candle log returns.
// Unit: log ratio per candle, not annualised. Warm-up: n + 1 candles. Source: definition.
#pragma once

#include "candled/features/indicators/log_return.hpp"
#include "candled/features/rolling/rolling_moments.hpp"

namespace candled::features {

class RealizedVolatility {
 public:
  explicit RealizedVolatility(int n) : step_(1), moments_(n) {}

  void update(double close) {
    step_.update(close);
    if (step_.ready()) moments_.update(step_.value());
  }
  bool ready() const { return moments_.ready(); }
  double value() const { return moments_.deviation(1); }
  void clear() {
    step_.clear();
    moments_.clear();
  }

  template <class Archive>
  void state(Archive& archive) {
    step_.state(archive);
    moments_.state(archive);
  }

 private:
  LogReturn step_;
  RollingMoments moments_;
};

}  // namespace candled::features
