#include "server/metrics_text.hpp"

#include <catch2/catch.hpp>

using namespace candled;
using namespace candled::server;

TEST_CASE("latencies are cumulative buckets in seconds") {
  flow::LatencyHistogram latency;
  for (const std::int64_t us : std::initializer_list<std::int64_t>{1, 2, 3, 1'000'000, 5'000'000'000})
    latency.record_us(us);
  const std::string text = metrics_text({latency_metric("candled_commit_seconds", "One transaction", latency)});
  CHECK_THAT(text, Catch::StartsWith(
                       "# HELP candled_commit_seconds One transaction\n# TYPE candled_commit_seconds histogram\n"));
  for (const std::string line :
       {"candled_commit_seconds_count 5\n", "candled_commit_seconds_sum 5001.000006\n",
        "candled_commit_seconds_bucket{le=\"1e-06\"} 1\n", "candled_commit_seconds_bucket{le=\"2e-06\"} 2\n",
        "candled_commit_seconds_bucket{le=\"4e-06\"} 3\n", "candled_commit_seconds_bucket{le=\"1.048576\"} 4\n",
        "candled_commit_seconds_bucket{le=\"268.435456\"} 4\n", "candled_commit_seconds_bucket{le=\"+Inf\"} 5\n"}) {
    CHECK_THAT(text, Catch::Contains(line));
  }
  CHECK(text.find("+Inf") == text.rfind("+Inf"));
}

TEST_CASE("labels are escaped and large counters stay whole") {
  Metric metric = counter_metric("candled_trades_total", "Trades", 1'234'567'890'123);
  metric.samples[0].labels = {{"market", "a\"b\\c\nd"}};
  CHECK_THAT(metrics_text({metric}),
             Catch::Contains("candled_trades_total{market=\"a\\\"b\\\\c\\nd\"} 1234567890123\n"));
  CHECK_THAT(metrics_text({gauge_metric("candled_age_seconds", "Age", 0.25)}),
             Catch::Contains("# TYPE candled_age_seconds gauge\ncandled_age_seconds 0.25\n"));
}
