// Clock phase: where a moment stands in a repeating period that begins at an offset from the epoch, as an angle.
// Unit: radians, 0 to 2 pi. Warm-up: none; a function of the moment alone. Source: definition.
#pragma once

#include <numbers>

#include "candled/domain/time.hpp"

namespace candled::features {

inline double clock_phase(Timestamp moment, Duration period, Duration offset) {
  const Timestamp shifted = moment - offset;
  const Duration passed = shifted - floor_to(shifted, period);
  return 2 * std::numbers::pi * (static_cast<double>(passed.ns) / static_cast<double>(period.ns));
}

}  // namespace candled::features
