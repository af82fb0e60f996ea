// What the operating system knows of this process, under the names that Prometheus knows.
#pragma once

#include <vector>

#include "candled/server/metric.hpp"

namespace candled::app {

std::vector<server::Metric> process_metrics();

}  // namespace candled::app
