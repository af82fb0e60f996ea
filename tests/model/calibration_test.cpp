#include "candled/model/calibration.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "candled/model/metrics.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

struct Said {
  std::vector<double> probabilities;
  std::vector<Label> labels;
};

// What is said is too bold: its log-odds are three times the true ones.
Said too_bold(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Said said;
  for (std::size_t i = 0; i < count; ++i) {
    const double truth = 0.35 + 0.3 * uniform(random);
    const double odds = 3 * std::log(truth / (1 - truth));
    said.probabilities.push_back(1 / (1 + std::exp(-odds)));
    said.labels.push_back(uniform(random) < truth ? Label::up : Label::not_up);
  }
  return said;
}

}  // namespace

TEST_CASE("calibration brings bold probabilities back, on rows it was not fitted on") {
  const Said learn = too_bold(6000, 1), test = too_bold(6000, 2);
  const double before = log_loss(test.probabilities, test.labels);
  for (const CalibrationKind kind : {CalibrationKind::platt, CalibrationKind::isotonic}) {
    INFO(name_of(kind));
    const Calibration map = fit_calibration(kind, learn.probabilities, learn.labels);
    CHECK(kind_of(map) == kind);
    std::vector<double> after;
    for (const double p : test.probabilities) after.push_back(calibrated(map, p));
    CHECK(log_loss(after, test.labels) < before - 0.02);
    // The order of the rows stays.
    std::vector<double> line;
    for (int i = 0; i <= 1000; ++i) line.push_back(calibrated(map, i / 1000.0));
    CHECK(std::ranges::is_sorted(line));
    CHECK(line.front() > 0);
    CHECK(line.back() < 1);
  }
  const auto platt = std::get<PlattMap>(fit_calibration(CalibrationKind::platt, learn.probabilities, learn.labels));
  CHECK(platt.slope == Approx(1.0 / 3).margin(0.05));
  CHECK(platt.offset == Approx(0).margin(0.07));
}

TEST_CASE("isotonic by hand: adjacent violators are pooled") {
  const std::vector<double> said = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  const std::vector<Label> came = {Label::not_up, Label::up, Label::not_up, Label::not_up, Label::up, Label::up};
  const auto map = std::get<IsotonicMap>(fit_calibration(CalibrationKind::isotonic, said, came));
  // 0.2 to 0.4 (one up of three) pool; the ends keep a distance of one in eight from certainty.
  REQUIRE(map.from.size() == 3);
  CHECK(map.from[1] == Approx(0.3));
  CHECK(map.to[0] == Approx(1.0 / 8));
  CHECK(map.to[1] == Approx(1.0 / 3));
  CHECK(map.to[2] == Approx(7.0 / 8));
  const Calibration calibration = map;
  CHECK(calibrated(calibration, 0.0) == Approx(1.0 / 8));
  CHECK(calibrated(calibration, 0.2) == Approx((1.0 / 8 + 1.0 / 3) / 2));
  CHECK(calibrated(calibration, 0.99) == Approx(7.0 / 8));
}

TEST_CASE("a model that knows nothing is calibrated to the base rate, without losing its order") {
  std::mt19937_64 random(7);
  std::vector<double> said;
  std::vector<Label> came;
  for (int i = 0; i < 4000; ++i) {
    said.push_back(0.1 + 0.8 * uniform(random));
    came.push_back(uniform(random) < 0.4 ? Label::up : Label::not_up);
  }
  const Calibration map = fit_calibration(CalibrationKind::platt, said, came);
  CHECK(calibrated(map, 0.2) == Approx(0.4).margin(0.04));
  CHECK(calibrated(map, 0.8) == Approx(0.4).margin(0.04));
  CHECK(calibrated(map, 0.8) > calibrated(map, 0.2));
}

TEST_CASE("class weights are undone exactly") {
  // Up weighs 4, not up 0.5: odds eight times too high.
  const Calibration map = undo_class_weights(4, 0.5);
  CHECK(calibrated(map, 0.8) == Approx(4.0 / 8 / (1 + 4.0 / 8)));
  CHECK(kind_of(fit_calibration(CalibrationKind::platt, std::vector<double>{0.5, 0.6},
                                std::vector<Label>(2, Label::up))) == CalibrationKind::none);
  CHECK(*calibration_named("isotonic") == CalibrationKind::isotonic);
  CHECK(calibration_named("magic").error().message == "unknown calibration 'magic' (none, platt or isotonic)");
}
