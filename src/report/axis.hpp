// Axes: where an axis has its ticks and what stands at them.
#pragma once

#include <string>
#include <vector>

#include "report/plot.hpp"

namespace candled::report {

struct Tick {
  double at = 0;
  std::string text;
};

// Round steps within [low, high], about so many.
std::vector<Tick> ticks_of(AxisKind kind, double low, double high, int about);

}  // namespace candled::report
