#include "server/figures.hpp"

#include <catch2/catch.hpp>

using namespace candled;
using namespace candled::server;

namespace {

MetricSample histogram(std::vector<HistogramValue::Bucket> buckets, std::uint64_t above) {
  return {{}, 0, {std::move(buckets), above, 0}};
}

const std::vector<Metric> metrics = {
    {"a_total", "", MetricKind::counter, {{{{"market", "kraken:BTC/USD"}}, 2, {}}, {{{"market", "other"}}, 3, {}}}},
    {"t_seconds", "", MetricKind::histogram, {histogram({{0.1, 0}, {0.2, 6}}, 4), histogram({{0.1, 0}, {0.2, 4}}, 6)}},
    {"idle_seconds", "", MetricKind::histogram, {histogram({{0.1, 0}}, 0)}},
};

}  // namespace

TEST_CASE("totals and quantiles of metrics") {
  CHECK(total_of(metrics, "a_total") == 5);
  CHECK(total_of(metrics, "none") == std::nullopt);
  CHECK(quantile_of(metrics, "t_seconds", 0.25).value() == Approx(0.15));
  CHECK(quantile_of(metrics, "t_seconds", 0.9) == 0.2);  // beyond the last bound
  CHECK(quantile_of(metrics, "idle_seconds", 0.5) == std::nullopt);
  CHECK(quantile_of(metrics, "none", 0.5) == std::nullopt);
}

TEST_CASE("what the daemon does not count is null") {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_figures(json, {counter_metric("candled_feed_reconnects_total", "", 3),
                       gauge_metric("process_resident_memory_bytes", "", 4096)});
  json.end_object();
  CHECK(
      text ==
      R"({"feed_totals":{"trades":null,"late_trades":null,"duplicates":null,"bad_frames":null,"reconnects":3},)"
      R"("latency_s":{"decision":{"median":null,"p99":null},"commit":{"median":null,"p99":null}},"memory_bytes":4096})");
}
