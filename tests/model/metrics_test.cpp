#include "candled/model/metrics.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

std::vector<Label> labels_of(std::string_view text) {
  std::vector<Label> labels;
  for (const char c : text) labels.push_back(c == '+' ? Label::up : c == '0' ? Label::not_up : Label::none);
  return labels;
}

std::vector<Timestamp> minutes(std::size_t count) {
  std::vector<Timestamp> times;
  for (std::size_t i = 0; i < count; ++i) times.push_back(minute(static_cast<std::int64_t>(i)));
  return times;
}

Metrics measured(const std::vector<double>& probabilities, std::string_view truth, std::string_view directions,
                 double up_share) {
  const auto labels = labels_of(truth);
  const auto before = labels_of(directions);
  const auto times = minutes(labels.size());
  return measure({times, probabilities, labels, before, up_share}, 1, 7);
}

}  // namespace

TEST_CASE("metrics by hand") {
  // Said up: 1, 2, 3, 6. Were up: 1, 3, 4, 6, 8.
  const Metrics m = measured({0.9, 0.8, 0.7, 0.4, 0.3, 0.6, 0.2, 0.5}, "+0++0+0+", "+.+0+00+", 0.6);
  CHECK(m.rows == 8);
  CHECK(m.confusion.true_up == 3);
  CHECK(m.confusion.false_up == 1);
  CHECK(m.confusion.false_not_up == 2);
  CHECK(m.confusion.true_not_up == 2);
  CHECK(m.accuracy == Approx(5.0 / 8));
  CHECK(m.precision == Approx(3.0 / 4));
  CHECK(m.recall == Approx(3.0 / 5));
  CHECK(m.f1 == Approx(2 * 0.75 * 0.6 / 1.35));
  // Pairs (up, not up) of 5 x 3 that are in order: 0.9 beats 3, 0.7 beats 2, 0.4 beats 2, 0.6 beats 2, 0.5 beats 2.
  CHECK(m.auc == Approx(11.0 / 15));
  CHECK(m.log_loss == Approx(-(std::log(0.9) + std::log(0.2) + std::log(0.7) + std::log(0.4) + std::log(0.7) +
                               std::log(0.6) + std::log(0.8) + std::log(0.5)) /
                             8));
  CHECK(m.brier == Approx((0.01 + 0.64 + 0.09 + 0.36 + 0.09 + 0.16 + 0.04 + 0.25) / 8));
  CHECK(m.baselines.always_up == Approx(5.0 / 8));
  CHECK(m.baselines.majority == Approx(5.0 / 8));
  CHECK(m.baselines.last_direction == Approx(5.0 / 8));  // wrong: 4, 5, 6; the unknown 2 counts as not up and is right
  CHECK(m.baselines.base_rate_log_loss == Approx(-(5 * std::log(0.6) + 3 * std::log(0.4)) / 8));
  CHECK(m.baselines.base_rate_brier == Approx((5 * 0.16 + 3 * 0.36) / 8));
  CHECK(m.from == minute(0));
  CHECK(m.to == minute(7));
}

TEST_CASE("majority is the majority of the training part") {
  CHECK(measured({0.5, 0.5, 0.5}, "++0", "000", 0.4).baselines.majority == Approx(1.0 / 3));
}

TEST_CASE("what is not defined is NaN, and null in JSON") {
  const Metrics m = measured({0.1, 0.2}, "00", "00", 0.5);
  CHECK(m.accuracy == 1.0);
  CHECK(std::isnan(m.precision));
  CHECK(std::isnan(m.recall));
  CHECK(std::isnan(m.f1));
  CHECK(std::isnan(m.auc));
  for (const char* key : {"precision", "recall", "f1", "auc"}) {
    CHECK(to_json(m).find(fmt::format(R"("{}":null,"{}_interval":[null,null])", key, key)) != std::string::npos);
  }
  CHECK(std::isfinite(measured({0.0, 1.0}, "+0", "00", 0.5).log_loss));
}

TEST_CASE("metrics JSON, all of it") {
  const Metrics m = measured({0.75, 0.25}, "+0", "+0", 0.5);
  CHECK(
      to_json(m) ==
      R"({"rows":2,"from":"2024-10-04T00:00:00Z","to":"2024-10-04T00:01:00Z","accuracy":1,"accuracy_interval":[1,1],)"
      R"("precision":1,"precision_interval":[1,1],"recall":1,"recall_interval":[1,1],"f1":1,"f1_interval":[1,1],)"
      R"("auc":1,"auc_interval":[1,1],"log_loss":0.2876820724517809,)"
      R"("log_loss_interval":[0.2876820724517809,0.2876820724517809],"brier":0.0625,"brier_interval":[0.0625,0.0625],)"
      R"("skill":0.4054651081081644,"skill_interval":[0.4054651081081644,0.4054651081081644],"has_edge":true,)"
      R"("bootstrap_block_rows":1,"baselines":{"majority":0.5,"last_direction":1,"always_up":0.5,)"
      R"("base_rate_log_loss":0.6931471805599453,"base_rate_brier":0.25},)"
      R"("confusion":{"true_up":1,"false_up":0,"true_not_up":1,"false_not_up":0},"calibration_curve":)"
      R"([{"mean_probability":0.25,"up_share":0,"rows":1},{"mean_probability":0.75,"up_share":1,"rows":1}]})");
}

TEST_CASE("AUC gives ties one half") {
  CHECK(area_under_roc(std::vector<double>{0.5, 0.5, 0.5, 0.5}, labels_of("+0+0")) == Approx(0.5));
  CHECK(area_under_roc(std::vector<double>{0.1, 0.9}, labels_of("+0")) == Approx(0.0));
  CHECK(area_under_roc(std::vector<double>{0.3, 0.3, 0.9}, labels_of("+0+")) == Approx(0.75));
}

TEST_CASE("block length: four horizons, cube root, at least four blocks") {
  CHECK(bootstrap_block_rows(1000, 1) == 10);
  CHECK(bootstrap_block_rows(8640, 5) == 21);
  CHECK(bootstrap_block_rows(1000, 5) == 20);
  CHECK(bootstrap_block_rows(20, 15) == 5);
  CHECK(bootstrap_block_rows(1, 5) == 1);
}

TEST_CASE("intervals cover the truth about 95 times in 100, also where errors come in runs") {
  // Hits that stay for `run` rows: with blocks of one row the interval would be far too narrow.
  const auto covered = [](std::size_t run, std::size_t block) {
    int inside = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      std::mt19937_64 random(seed);
      std::vector<double> hits(1000);
      double hit = 0;
      for (std::size_t i = 0; i < hits.size(); ++i) {
        if (i % run == 0) hit = uniform(random) < 0.55 ? 1.0 : 0.0;
        hits[i] = hit;
      }
      const Interval interval = mean_interval(hits, block, seed);
      if (interval.low <= 0.55 && 0.55 <= interval.high) ++inside;
    }
    return inside;
  };
  CHECK(covered(1, 10) >= 90);
  CHECK(covered(5, 20) >= 88);
  CHECK(covered(5, 1) <= 75);  // what the blocks are for
}

TEST_CASE("every figure has an interval around it, and the calibration curve says what came") {
  std::mt19937_64 random(3);
  std::vector<double> probabilities;
  std::vector<Label> labels;
  for (int i = 0; i < 2000; ++i) {
    probabilities.push_back(0.3 + 0.4 * uniform(random));
    labels.push_back(uniform(random) < probabilities.back() ? Label::up : Label::not_up);
  }
  const auto times = minutes(labels.size());
  const Metrics m = measure({times, probabilities, labels, labels, 0.5}, 20, 1);
  const auto inside = [](double value, Interval interval) {
    CHECK(interval.low < value);
    CHECK(value < interval.high);
    CHECK(interval.high - interval.low < 0.12);
  };
  inside(m.accuracy, m.accuracy_interval);
  inside(m.precision, m.precision_interval);
  inside(m.recall, m.recall_interval);
  inside(m.f1, m.f1_interval);
  inside(m.auc, m.auc_interval);
  inside(m.log_loss, m.log_loss_interval);
  inside(m.brier, m.brier_interval);
  inside(m.skill, m.skill_interval);
  CHECK(m.has_edge());
  Metrics doubtful;  // an interval of 95 % above zero is not enough: the one of 99 % must be
  doubtful.skill = 0.01;
  doubtful.skill_interval.low = 0.001;
  CHECK_FALSE(doubtful.has_edge());
  doubtful.skill_interval.low = 0.003;
  CHECK(doubtful.has_edge());
  CHECK_FALSE(measure({times, std::vector<double>(2000, 0.5), labels, labels, 0.5}, 20, 1).has_edge());
  REQUIRE(m.calibration_curve.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(m.calibration_curve[i].rows == 200);
    CHECK(m.calibration_curve[i].up_share == Approx(m.calibration_curve[i].mean_probability).margin(0.12));
    if (i > 0) CHECK(m.calibration_curve[i].mean_probability > m.calibration_curve[i - 1].mean_probability);
  }
}

TEST_CASE("a resample draws as many rows as there are, in whole blocks") {
  std::size_t resamples = 0;
  std::vector<std::size_t> drawn(50, 0);
  for_each_resample(50, 7, 1, [&](std::span<const std::uint32_t> counts) {
    ++resamples;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < 50; ++i) {
      sum += counts[i];
      drawn[i] += counts[i];
    }
    CHECK(sum == 50);
  });
  CHECK(resamples == 1000);
  for (const std::size_t count : drawn) CHECK(count == Approx(1000).margin(200));
}

TEST_CASE("intervals are the same for the same seed") {
  const std::vector<double> values{1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0};
  const Interval a = mean_interval(values, 3, 5), b = mean_interval(values, 3, 5);
  CHECK(a.low == b.low);
  CHECK(a.high == b.high);
  CHECK(a.low < 7.0 / 12);
  CHECK(a.high > 7.0 / 12);
}
