// Rate of change: value = (close / close n candles ago - 1) * 100, and momentum = close - close n candles ago.
// Unit: percent; quote currency. Warm-up: n + 1 candles. Source: TA-Lib ROC, MOM.
#pragma once

#include "candled/features/number.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class RateOfChange {
 public:
  explicit RateOfChange(int n) : window_(n) {}

  void update(double close) {
    const double before = window_.full() ? window_.oldest() : unknown;
    value_ = (ratio(close, before) - 1) * 100;
    momentum_ = close - before;
    window_.push(close);
  }
  bool ready() const { return momentum_ == momentum_; }
  double value() const { return value_; }
  double momentum() const { return momentum_; }
  void clear() {
    window_.clear();
    value_ = momentum_ = unknown;
  }

  template <class Archive>
  void state(Archive& archive) {
    window_.state(archive);
    archive(value_);
    archive(momentum_);
  }

 private:
  Window window_;
  double value_ = unknown, momentum_ = unknown;
};

}  // namespace candled::features
