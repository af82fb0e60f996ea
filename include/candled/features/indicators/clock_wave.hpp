// Clock wave: where the end of the candle stands in a repeating period (24 hours, a week), as a point on a circle.
// A ClockTurn moves the beginning of the period away from the epoch's midnight (a Thursday's, UTC).
// Unit: -1 to 1. Warm-up: 1 candle. Source: definition; the sine and cosine of 2 pi * (time since the period began) / period.
#pragma once

#include <cmath>
#include <numbers>

#include "candled/features/bar.hpp"

namespace candled::features {

// How far the beginning of the period is from the epoch, as an angle.
struct ClockTurn {
  ClockTurn(int period_hours, int begins_hours)
      : sine(std::sin(2 * std::numbers::pi * begins_hours / period_hours)),
        cosine(std::cos(2 * std::numbers::pi * begins_hours / period_hours)) {}
  double sine, cosine;
};

class ClockWave {
 public:
  explicit ClockWave(int period_hours) : period_(Duration::hours(period_hours)) {}

  void update(const Bar& bar) {
    const Duration passed = bar.end_time - floor_to(bar.end_time, period_);
    const double angle = 2 * std::numbers::pi * (static_cast<double>(passed.ns) / static_cast<double>(period_.ns));
    sine_ = std::sin(angle);
    cosine_ = std::cos(angle);
  }
  double sine(const ClockTurn& begins) const { return sine_ * begins.cosine - cosine_ * begins.sine; }
  double cosine(const ClockTurn& begins) const { return cosine_ * begins.cosine + sine_ * begins.sine; }

  // Nothing of a candle is left for the next one.
  template <class Archive>
  void state(Archive&) {}

 private:
  Duration period_;
  double sine_ = 0, cosine_ = 1;
};

}  // namespace candled::features
