// Metrics as values: what the server's callback returns for GET /metrics.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "candled/flow/counter.hpp"

namespace candled::server {

enum class MetricKind : std::uint8_t { counter, gauge, histogram };

struct HistogramValue {
  struct Bucket {
    double upper_bound = 0;   // base units (seconds), ascending
    std::uint64_t count = 0;  // in this bucket alone
  };
  std::vector<Bucket> buckets;  // finite bounds
  std::uint64_t above = 0;      // beyond the last bound
  double sum = 0;
};

struct MetricSample {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;          // counter and gauge
  HistogramValue histogram;  // histogram
};

// One family: `candled_trades_total` and its samples, which differ in their labels.
struct Metric {
  std::string name;  // [a-zA-Z_:][a-zA-Z0-9_:]*; counters end in _total, base units (seconds, bytes) in the name
  std::string help;
  MetricKind kind = MetricKind::gauge;
  std::vector<MetricSample> samples;
};

// The usual family of one sample without labels.
Metric counter_metric(std::string name, std::string help, std::int64_t value);
Metric gauge_metric(std::string name, std::string help, double value);
// Microseconds become seconds.
Metric latency_metric(std::string name, std::string help, const flow::LatencyHistogram& latency);

}  // namespace candled::server
