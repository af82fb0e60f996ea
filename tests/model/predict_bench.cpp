// Measurements, hidden from the ordinary run: model_tests "[bench]"
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>

#include "candled/model/predictor.hpp"
#include "candled/model/trainer.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

// 30 days of minutes with 32 features: four made ones and noise.
TrainingRows month_of_rows() {
  const TrainingRows narrow = made_rows(43'200, 0.55, 1);
  TrainingRows rows = narrow;
  rows.features.clear();
  std::mt19937_64 random(2);
  for (int i = 4; i < 32; ++i) rows.feature_names.push_back(fmt::format("more_{}", i));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = narrow.row(i);
    rows.features.insert(rows.features.end(), row.begin(), row.end());
    for (int extra = 4; extra < 32; ++extra) rows.features.push_back(uniform(random));
  }
  return rows;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("a month of minutes, 32 features", "[.][bench]") {
  const TrainingRows rows = month_of_rows();
  for (const std::string_view kind : {"gbdt", "forest"}) {
    TrainingSettings settings;
    settings.algorithm = *algorithm_named(kind);
    const auto begin = std::chrono::steady_clock::now();
    const auto model = train(rows, settings);
    REQUIRE(model.has_value());
    const double training_s = seconds_since(begin);
    const auto predictor = predictor_of_bytes({"20260101_000000", rows.feature_hash, 32, settings.horizon}, bytes_of(*model));
    REQUIRE(predictor.has_value());
    std::vector<double> latency_us;
    double sum = 0;
    for (std::size_t i = 0; i < 20'000; ++i) {
      const auto start = std::chrono::steady_clock::now();
      sum += (*predictor)->predict(rows.row(i));
      latency_us.push_back(seconds_since(start) * 1e6);
    }
    std::ranges::sort(latency_us);
    fmt::print("{}: training {:.2f} s, {} kB, one row p50 {:.1f} us, p99 {:.1f} us, mean probability {:.4f}\n", kind,
               training_s, bytes_of(*model).size() / 1024, latency_us[latency_us.size() / 2],
               latency_us[latency_us.size() * 99 / 100], sum / 20'000);
    fmt::print("  {} {}\n", model->parts.front().parameters.back().second, to_json(model->metrics));
  }
}
