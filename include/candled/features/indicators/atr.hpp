// Average true range: Wilder's mean of the true range over n.
// Unit: quote currency. Warm-up: n + 1 candles. Source: Wilder 1978; TA-Lib ATR. Recursive: carries on over a gap.
#pragma once

#include "candled/features/indicators/true_range.hpp"
#include "candled/features/indicators/wilder_mean.hpp"

namespace candled::features {

class Atr {
 public:
  explicit Atr(int n) : mean_(n) {}

  void update(const Bar& bar) {
    range_.update(bar);
    if (range_.ready()) mean_.update(range_.value());
  }
  bool ready() const { return mean_.ready(); }
  double value() const { return mean_.value(); }

  template <class Archive>
  void state(Archive& archive) {
    range_.state(archive);
    mean_.state(archive);
  }

 private:
  TrueRange range_;
  WilderMean mean_;
};

}  // namespace candled::features
