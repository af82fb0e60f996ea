// Metrics in the Prometheus text format 0.0.4.
#pragma once

#include <string>
#include <vector>

#include "candled/server/metric.hpp"

namespace candled::server {

constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_text(const std::vector<Metric>& metrics);

}  // namespace candled::server
