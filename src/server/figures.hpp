// Figures taken from the metrics: what /api/v1/status says of them, so that a page need not read /metrics.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "candled/domain/json_writer.hpp"
#include "candled/server/metric.hpp"

namespace candled::server {

// Summed over all samples; nothing if there is no such metric.
std::optional<double> total_of(const std::vector<Metric>& metrics, std::string_view name);

// A quantile of a histogram, all its samples together, as Prometheus reckons it: linear within a bucket, and the last finite bound
// for what lies above it. Nothing if there is no such metric, or nothing was observed.
std::optional<double> quantile_of(const std::vector<Metric>& metrics, std::string_view name, double share);

// "feed_totals", "latency_s" and "memory_bytes", into the object that is open. What is not known is null.
void write_figures(JsonWriter& json, const std::vector<Metric>& metrics);

}  // namespace candled::server
