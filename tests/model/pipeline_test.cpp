// What train() does beside fitting: votes, calibration, classes, dead zones, columns, folds and paths.
#include <catch2/catch.hpp>
#include <cmath>

#include "candled/model/trainer.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

TrainingSettings quick(Algorithm algorithm = GbdtSettings{.rounds = 60}) {
  TrainingSettings settings;
  settings.algorithm = std::move(algorithm);
  settings.horizon = settings.embargo = Duration::minutes(1);
  return settings;
}

// The next close is up with probability `base` + or - `edge`, by the feature "edge": classes of unequal size.
TrainingRows rare_rows(std::size_t count, double base, double edge, std::uint64_t seed) {
  TrainingRows rows = made_rows(count, 0.5, seed);
  std::mt19937_64 random(seed + 1);
  std::int64_t close = 1'000'000;
  for (std::size_t i = 0; i < count; ++i) {
    rows.closes[i] = Price::from_units(close);
    close += uniform(random) < base + (rows.features[i * 4 + 1] > 0.5 ? edge : -edge) ? 10 : -1;
  }
  return rows;
}

}  // namespace

TEST_CASE("an ensemble is the weighted vote of its members") {
  const TrainingRows rows = made_rows(1500, 0.7, 31);
  EnsembleSettings ensemble;
  ensemble.members = {{GbdtSettings{.rounds = 30}, 3}, {ForestSettings{.trees = 20, .depth = 4}, 1}};
  const auto model = train(rows, quick(ensemble));
  REQUIRE(model.has_value());
  CHECK(model->kind == "ensemble");
  REQUIRE(model->parts.size() == 2);
  CHECK(model->parts[0].kind == "gbdt");
  CHECK(model->parts[1].kind == "forest");
  CHECK(model->metrics.accuracy > 0.64);
  std::vector<ModelPart> parts = {{model->parts[0].bytes, 3}, {model->parts[1].bytes, 1}};
  const PredictorIdentity identity{"20260101_000000", "h", 4, Duration::minutes(1)};
  const auto vote = *make_predictor(identity, parts);
  const auto first = *predictor_of_bytes(identity, model->parts[0].bytes);
  const auto second = *predictor_of_bytes(identity, model->parts[1].bytes);
  for (std::size_t i = 0; i < 50; ++i) {
    const auto row = rows.row(i);
    CHECK(vote->predict(row) == Approx((3 * first->predict(row) + second->predict(row)) / 4).epsilon(1e-12));
    CHECK(predictor_of_model(*model)->predict(row) ==
          Approx(calibrated(model->calibration, vote->predict(row))).epsilon(1e-12));
  }
  parts[0].weight = 0;
  CHECK_FALSE(make_predictor(identity, parts).has_value());
  CHECK_FALSE(make_predictor(identity, {}).has_value());
}

TEST_CASE("contributions of a prediction: largest first, the planted feature on top") {
  const TrainingRows rows = made_rows(2000, 0.7, 32);
  const auto model = train(rows, quick());
  const auto predictor = predictor_of_model(*model);
  int on_top = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto contributions = predictor->contributions(rows.row(i), 3);
    REQUIRE(!contributions.empty());
    CHECK(contributions.size() <= 3);
    for (std::size_t k = 1; k < contributions.size(); ++k) {
      CHECK(std::abs(contributions[k].log_odds) <= std::abs(contributions[k - 1].log_odds));
    }
    on_top += contributions[0].feature == 1 && (contributions[0].log_odds > 0) == (rows.row(i)[1] > 0.5) ? 1 : 0;
  }
  CHECK(on_top > 180);
  CHECK(model->importance[0].feature == "edge");
  CHECK(model->importance[0].mean_contribution > 3 * model->importance[1].mean_contribution);
  CHECK(model->importance[0].gain > model->importance[1].gain);
}

TEST_CASE("leaf-wise growth makes other trees, with the leaves it was given") {
  const TrainingRows rows = made_rows(1500, 0.7, 33);
  const auto level = train(rows, quick(GbdtSettings{.rounds = 20, .depth = 6}));
  const auto leaf = train(rows, quick(GbdtSettings{.rounds = 20, .depth = 6, .leaves_max = 5}));
  CHECK(bytes_of(*level).size() > bytes_of(*leaf).size());
  CHECK(leaf->metrics.accuracy > 0.64);
}

TEST_CASE("walk-forward predictions calibrate the model; few rows leave it as it is") {
  TrainingSettings settings = quick(GbdtSettings{.rounds = 100, .stopping_rows_min = SIZE_MAX, .depth = 6, .eta = 0.3});
  const TrainingRows rows = made_rows(3000, 0.6, 34);
  const auto with = train(rows, settings);
  CHECK(kind_of(with->calibration) == CalibrationKind::platt);
  settings.calibration = CalibrationKind::isotonic;
  CHECK(kind_of(train(rows, settings)->calibration) == CalibrationKind::isotonic);
  settings.calibration = CalibrationKind::none;
  const auto without = train(rows, settings);
  CHECK(kind_of(without->calibration) == CalibrationKind::none);
  CHECK(bytes_of(*with) == bytes_of(*without));
  CHECK(with->metrics.log_loss < without->metrics.log_loss - 0.05);
  CHECK(with->metrics.auc == Approx(without->metrics.auc).margin(1e-9));
  CHECK(with->folds.size() == 4);
  CHECK(with->walk_forward->rows > 1800);
  settings.calibration = CalibrationKind::platt;
  CHECK(kind_of(train(made_rows(500, 0.6, 35), settings)->calibration) == CalibrationKind::none);
}

TEST_CASE("a rare class is learned all the same, and its probability stays its probability") {
  const TrainingRows rows = rare_rows(8000, 0.15, 0.1, 36);
  TrainingSettings settings = quick();
  const auto weighed = train(rows, settings);
  REQUIRE(weighed.has_value());
  // Up happens in 5 % or 25 % of the rows; the mean of what is said is the mean of what came.
  CHECK(weighed->metrics.calibration_curve.front().mean_probability == Approx(0.05).margin(0.03));
  CHECK(weighed->metrics.calibration_curve.back().mean_probability == Approx(0.25).margin(0.05));
  CHECK(weighed->metrics.skill > 0.02);
  // Without enough rows for a calibration the weights are undone exactly.
  settings.calibration_rows_min = 1'000'000;
  const auto undone = train(rows, settings);
  CHECK(std::get<PlattMap>(undone->calibration).slope == 1);
  CHECK(std::get<PlattMap>(undone->calibration).offset < -1);
  CHECK(undone->metrics.calibration_curve.back().mean_probability == Approx(0.25).margin(0.06));
  settings.minority_share_min = 0;
  CHECK(bytes_of(*train(rows, settings)) != bytes_of(*undone));
}

TEST_CASE("a dead zone makes room for holds, and is measured on all rows") {
  // Moves of 1 or 3 basis points.
  TrainingRows rows = made_rows(4000, 0.7, 37);
  std::mt19937_64 random(3);
  std::int64_t close = 1'000'000;
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    const bool up = rows.closes[i + 1] > rows.closes[i];
    rows.closes[i] = Price::from_units(close);
    close += (up ? 1 : -1) * (random() % 2 == 0 ? 100 : 300);
  }
  rows.closes.back() = Price::from_units(close);
  TrainingSettings settings = quick();
  settings.labels.dead_zone_bps = 2;
  const auto model = train(rows, settings);
  REQUIRE(model.has_value());
  CHECK(model->flat_rows == Approx(1600).margin(150));
  CHECK(model->training_rows == Approx(1600).margin(150));
  CHECK(model->metrics.rows == 800);
  CHECK(model->metrics.accuracy > 0.62);
  CHECK(model->thresholds.buy_above > 0.5);
  CHECK(model->thresholds.sell_below == Approx(1 - model->thresholds.buy_above));
  int holds = 0;
  const auto predictor = predictor_of_model(*model);
  CHECK(predictor->signal_thresholds() == model->thresholds);
  for (std::size_t i = 3200; i < 4000; ++i) {
    const double p = predictor->predict(rows.row(i));
    holds += p <= model->thresholds.buy_above && p >= model->thresholds.sell_below ? 1 : 0;
  }
  CHECK(holds > 100);
  CHECK(holds < 550);
  settings.labels.dead_zone_bps = 50;
  CHECK(train(rows, settings).error().message ==
        "training: too few rows: 0 are left to learn from, at least 40 are needed");
}

TEST_CASE("barrier labels are learned from, and the close is what counts in the end") {
  TrainingRows rows = made_rows(2000, 0.7, 38);
  TrainingSettings settings = quick();
  settings.labels.barriers = LabelSettings::Barriers{0.01, 0.01};  // a watermark is a hundredth of a basis point
  const auto model = train(rows, settings);
  REQUIRE(model.has_value());
  CHECK(model->metrics.accuracy > 0.64);
}

TEST_CASE("only the best columns are learned from where that is asked") {
  TrainingSettings settings = quick();
  settings.columns_max = 1;
  const auto model = train(made_rows(2500, 0.7, 39), settings);
  REQUIRE(model.has_value());
  CHECK(model->importance[0].feature == "edge");
  CHECK(model->importance[1].gain == 0);
  CHECK(model->metrics.accuracy > 0.64);
}

TEST_CASE("combinatorial validation gives as many whole paths as there should be") {
  TrainingSettings settings = quick(GbdtSettings{.rounds = 20});
  settings.combinatorial = CombinatorialSettings{5, 2};
  const auto model = train(made_rows(2000, 0.7, 40), settings);
  REQUIRE(model.has_value());
  REQUIRE(model->paths.size() == 4);
  for (const Metrics& path : model->paths) {
    CHECK(path.rows == model->training_rows);
    CHECK(path.accuracy > 0.62);
    CHECK(path.accuracy < 0.75);
  }
  settings.combinatorial = CombinatorialSettings{5, 5};
  CHECK(train(made_rows(2000, 0.7, 40), settings)
            .error()
            .message.starts_with("training: combinatorial validation needs"));
}

TEST_CASE("strategies are asked about the hold-out and stand on the card") {
  TrainingSettings settings = quick();
  settings.evaluate_strategies = [](const HoldoutPredictions& holdout) {
    CHECK(holdout.open_times.size() == holdout.probabilities.size());
    return std::vector<StrategyResult>{{"mine", -0.02, 0.01, holdout.probabilities.size()}};
  };
  settings.parent = "20260101_000000";
  const auto model = train(made_rows(1000, 0.6, 41), settings);
  REQUIRE(model->strategies.size() == 1);
  CHECK(model->strategies[0].trades == model->metrics.rows);
  CHECK(model->parent == "20260101_000000");
}
