#include "server/metrics_text.hpp"

#include <prometheus/text_serializer.h>

#include <limits>

namespace candled::server {
namespace {

prometheus::MetricType type_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter: return prometheus::MetricType::Counter;
    case MetricKind::gauge: return prometheus::MetricType::Gauge;
    case MetricKind::histogram: return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

// Prometheus buckets count everything below their bound, and the last bound is infinite.
prometheus::ClientMetric::Histogram histogram_of(const HistogramValue& value) {
  prometheus::ClientMetric::Histogram histogram;
  std::uint64_t cumulative = 0;
  for (const HistogramValue::Bucket& bucket : value.buckets) {
    cumulative += bucket.count;
    histogram.bucket.push_back({cumulative, bucket.upper_bound});
  }
  cumulative += value.above;
  histogram.bucket.push_back({cumulative, std::numeric_limits<double>::infinity()});
  histogram.sample_count = cumulative;
  histogram.sample_sum = value.sum;
  return histogram;
}

prometheus::ClientMetric sample_of(MetricKind kind, const MetricSample& sample) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
  switch (kind) {
    case MetricKind::counter: metric.counter.value = sample.value; break;
    case MetricKind::gauge: metric.gauge.value = sample.value; break;
    case MetricKind::histogram: metric.histogram = histogram_of(sample.histogram); break;
  }
  return metric;
}

Metric single(std::string name, std::string help, MetricKind kind, MetricSample sample) {
  return {std::move(name), std::move(help), kind, {std::move(sample)}};
}

}  // namespace

std::string metrics_text(const std::vector<Metric>& metrics) {
  std::vector<prometheus::MetricFamily> families;
  for (const Metric& metric : metrics) {
    prometheus::MetricFamily& family = families.emplace_back();
    family.name = metric.name;
    family.help = metric.help;
    family.type = type_of(metric.kind);
    for (const MetricSample& sample : metric.samples) family.metric.push_back(sample_of(metric.kind, sample));
  }
  return prometheus::TextSerializer().Serialize(families);
}

Metric counter_metric(std::string name, std::string help, std::int64_t value) {
  return single(std::move(name), std::move(help), MetricKind::counter, {{}, static_cast<double>(value), {}});
}

Metric gauge_metric(std::string name, std::string help, double value) {
  return single(std::move(name), std::move(help), MetricKind::gauge, {{}, value, {}});
}

Metric latency_metric(std::string name, std::string help, const flow::LatencyHistogram& latency) {
  HistogramValue histogram;
  constexpr std::size_t last = flow::LatencyHistogram::bucket_total - 1;  // holds everything that is longer, too
  const auto count = [&](std::size_t bucket) { return static_cast<std::uint64_t>(latency.bucket_count(bucket)); };
  for (std::size_t bucket = 0; bucket < last; ++bucket) {
    histogram.buckets.push_back({static_cast<double>(latency.upper_bound_us(bucket)) / 1e6, count(bucket)});
  }
  histogram.above = count(last);
  histogram.sum = static_cast<double>(latency.sum_us()) / 1e6;
  return single(std::move(name), std::move(help), MetricKind::histogram, {{}, 0, std::move(histogram)});
}

}  // namespace candled::server
