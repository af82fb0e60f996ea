// Simple moving average: mean of the last n values.
// Unit: the input's. Warm-up: n values. Source: TA-Lib SMA.
#pragma once

#include "candled/features/rolling/rolling_mean.hpp"

namespace candled::features {

using Sma = RollingMean;

}  // namespace candled::features
