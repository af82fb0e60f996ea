// Relative strength index: 100 * G / (G + L), G and L Wilder's means over n of the close's gains and losses; 0 while
// both are 0. Unit: 0 to 100. Warm-up: n + 1 candles. Source: Wilder 1978; TA-Lib RSI. Recursive: carries on over a
// gap.
#pragma once

#include "candled/features/indicators/wilder_mean.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class Rsi {
 public:
  explicit Rsi(int n) : gains_(n), losses_(n) {}

  void update(double close) {
    if (started_) {
      const double change = close - previous_;
      gains_.update(change > 0 ? change : 0);
      losses_.update(change < 0 ? -change : 0);
    }
    previous_ = close;
    started_ = true;
  }
  bool ready() const { return gains_.ready(); }
  double value() const {
    if (!ready()) return unknown;
    const double both = gains_.value() + losses_.value();
    return vanished(both) ? 0 : 100 * (gains_.value() / both);
  }

  template <class Archive>
  void state(Archive& archive) {
    gains_.state(archive);
    losses_.state(archive);
    archive(previous_);
    archive(started_);
  }

 private:
  WilderMean gains_, losses_;
  double previous_ = 0;
  bool started_ = false;
};

}  // namespace candled::features
