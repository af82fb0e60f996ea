// Log return over n candles: ln(close / close n candles ago), as log1p of the change so that one-watermark moves keep all
// their digits. Unit: log ratio. Warm-up: n + 1 candles. Source: definition.
#pragma once

#include <cmath>

#include "candled/features/number.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class LogReturn {
 public:
  explicit LogReturn(int n) : window_(n) {}

  void update(double close) {
    const double before = window_.full() ? window_.oldest() : unknown;
    value_ = std::log1p(ratio(close - before, before));
    window_.push(close);
  }
  bool ready() const { return value_ == value_; }
  double value() const { return value_; }
  void clear() {
    window_.clear();
    value_ = unknown;
  }

  template <class Archive>
  void state(Archive& archive) {
    window_.state(archive);
    archive(value_);
  }

 private:
  Window window_;
  double value_ = unknown;
};

}  // namespace candled::features
