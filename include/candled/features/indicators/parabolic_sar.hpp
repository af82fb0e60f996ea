// Parabolic stop and reverse: a stop that follows the extreme of the move at a growing pace and turns when a candle
// touches it (low <= stop while long, high >= stop while short).
//   acceleration: `step` at a turn, + step at each new extreme, at most `limit`; stop <- stop + acceleration * (extreme
//   - stop), never inside the last two candles. The first direction is short if the second candle moved down by more
//   than up (and down at all), otherwise long.
// Unit: quote currency. Warm-up: 2 candles. Source: Wilder 1978; TA-Lib SAR. Recursive: carries on over a gap.
#pragma once

#include <algorithm>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class ParabolicSar {
 public:
  ParabolicSar(double step, double limit) : step_(step), limit_(limit), acceleration_(step) {}

  void update(const Bar& bar) {
    if (candles_ == 1) begin(bar);
    if (candles_ >= 1) follow(bar);
    previous_high_ = bar.high;
    previous_low_ = bar.low;
    if (candles_ < 2) ++candles_;
  }
  bool ready() const { return known(value_); }
  double value() const { return value_; }

  template <class Archive>
  void state(Archive& archive) {
    archive(acceleration_);
    archive(previous_high_);
    archive(previous_low_);
    archive(stop_);
    archive(extreme_);
    archive(value_);
    archive(candles_);
    archive(long_);
  }

 private:
  void begin(const Bar& bar) {
    const double up = bar.high - previous_high_, down = previous_low_ - bar.low;
    long_ = !(down > 0 && down > up);
    stop_ = long_ ? previous_low_ : previous_high_;
    extreme_ = long_ ? bar.high : bar.low;
    previous_high_ = bar.high;  // for this candle alone it is its own predecessor
    previous_low_ = bar.low;
  }
  void follow(const Bar& bar) {
    const double highest = std::max(previous_high_, bar.high), lowest = std::min(previous_low_, bar.low);
    if (long_ ? bar.low <= stop_ : bar.high >= stop_) {
      long_ = !long_;
      stop_ = outside(extreme_, highest, lowest);
      value_ = stop_;
      acceleration_ = step_;
      extreme_ = long_ ? bar.high : bar.low;
    } else {
      value_ = stop_;
      const bool further = long_ ? bar.high > extreme_ : bar.low < extreme_;
      if (further) {
        extreme_ = long_ ? bar.high : bar.low;
        acceleration_ = std::min(acceleration_ + step_, limit_);
      }
    }
    stop_ = outside(stop_ + acceleration_ * (extreme_ - stop_), highest, lowest);
  }
  double outside(double stop, double highest, double lowest) const {
    return long_ ? std::min(stop, lowest) : std::max(stop, highest);
  }

  double step_, limit_;
  double acceleration_;
  double previous_high_ = 0, previous_low_ = 0;
  double stop_ = 0, extreme_ = 0;
  double value_ = unknown;
  int candles_ = 0;  // at most 2
  bool long_ = true;
};

}  // namespace candled::features
