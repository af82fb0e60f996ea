#include "server/figures.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>

namespace candled::server {
namespace {

const Metric* find(const std::vector<Metric>& metrics, std::string_view name) {
  const auto found = std::ranges::find(metrics, name, &Metric::name);
  return found == metrics.end() ? nullptr : &*found;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> feed_totals{{
    {"trades", "candled_feed_trades_total"},
    {"late_trades", "candled_late_trades_total"},
    {"duplicates", "candled_feed_duplicates_total"},
    {"bad_frames", "candled_feed_bad_frames_total"},
    {"reconnects", "candled_feed_reconnects_total"},
}};

}  // namespace

std::optional<double> total_of(const std::vector<Metric>& metrics, std::string_view name) {
  const Metric* metric = find(metrics, name);
  if (metric == nullptr || metric->samples.empty()) return std::nullopt;
  double sum = 0;
  for (const MetricSample& sample : metric->samples) sum += sample.value;
  return sum;
}

std::optional<double> quantile_of(const std::vector<Metric>& metrics, std::string_view name, double share) {
  const Metric* metric = find(metrics, name);
  if (metric == nullptr) return std::nullopt;
  std::map<double, std::uint64_t> buckets;  // by upper bound
  std::uint64_t all = 0;
  for (const MetricSample& sample : metric->samples) {
    for (const HistogramValue::Bucket& bucket : sample.histogram.buckets) {
      buckets[bucket.upper_bound] += bucket.count;
      all += bucket.count;
    }
    all += sample.histogram.above;
  }
  if (all == 0) return std::nullopt;
  const double wanted = share * static_cast<double>(all);
  double below = 0, lower = 0;
  for (const auto& [upper, count] : buckets) {
    const double own = static_cast<double>(count);
    if (below + own >= wanted) return count == 0 ? upper : lower + (upper - lower) * (wanted - below) / own;
    below += own;
    lower = upper;
  }
  return lower;
}

void write_figures(JsonWriter& json, const std::vector<Metric>& metrics) {
  json.key("feed_totals").begin_object();
  for (const auto& [name, metric] : feed_totals) json.member(name, total_of(metrics, metric));
  json.end_object().key("latency_s").begin_object();
  for (const auto& [name, metric] :
       {std::pair{"decision", "candled_decision_latency_seconds"}, {"commit", "candled_commit_latency_seconds"}}) {
    json.key(name)
        .begin_object()
        .member("median", quantile_of(metrics, metric, 0.5))
        .member("p99", quantile_of(metrics, metric, 0.99))
        .end_object();
  }
  json.end_object().member("memory_bytes", total_of(metrics, "process_resident_memory_bytes"));
}

}  // namespace candled::server
