// Aroon: up = 100 * (n - candles since the highest high) / n, down the same from the lowest low, oscillator = up - down;
// over the newest candle and the n before it, of equal extremes the most recent counts.
// Unit: 0 to 100, -100 to 100. Warm-up: n + 1 candles. Source: T. Chande 1995; TA-Lib AROON, AROONOSC.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_range.hpp"

namespace candled::features {

class Aroon {
 public:
  explicit Aroon(int n) : n_(n), range_(n + 1) {}

  void update(const Bar& bar) { range_.update(bar.high, bar.low); }
  bool ready() const { return range_.ready(); }
  double up() const { return 100 * (n_ - range_.age_of_highest()) / n_; }
  double down() const { return 100 * (n_ - range_.age_of_lowest()) / n_; }
  double oscillator() const { return 100 * (range_.age_of_lowest() - range_.age_of_highest()) / n_; }
  void clear() { range_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    range_.state(archive);
  }

 private:
  double n_;
  RollingRange range_;
};

}  // namespace candled::features
