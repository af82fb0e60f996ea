#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "candled/model/promotion.hpp"
#include "candled/model/tuning.hpp"
#include "model/fit.hpp"
#include "model/looks.hpp"
#include "model/made_rows.hpp"
#include "model/model_directory.hpp"

using namespace candled;
using namespace candled::model;

namespace {

// Long enough that a phase which does not look takes most of a second: 1,000 resamples of its rows alone do.
constexpr std::size_t many = 60'000;

TrainingRows wide_rows(std::size_t count, std::size_t columns) {
  TrainingRows rows = made_rows(count, 0.55, 5);
  rows.highs = rows.lows = rows.closes;
  std::mt19937_64 random(2);
  std::vector<double> wide;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<const double> row = rows.row(i);
    wide.insert(wide.end(), row.begin(), row.end());
    for (std::size_t c = row.size(); c < columns; ++c) wide.push_back(uniform(random));
  }
  while (rows.feature_names.size() < columns)
    rows.feature_names.push_back("n" + std::to_string(rows.feature_names.size()));
  rows.features = std::move(wide);
  return rows;
}

TrainingSettings long_settings(std::string_view kind) {
  TrainingSettings settings;
  settings.algorithm = *algorithm_named(kind);
  if (auto* gbdt = std::get_if<GbdtSettings>(&settings.algorithm)) gbdt->rounds = 6;
  if (auto* forest = std::get_if<ForestSettings>(&settings.algorithm)) {
    forest->trees = 20;
    forest->depth = 6;
  }
  settings.horizon = settings.embargo = Duration::minutes(5);
  settings.folds = 2;
  settings.calibration = CalibrationKind::platt;
  return settings;
}

}  // namespace

TEST_CASE("a training looks at its stop at least every tenth of a second of its own processor time") {
  const TrainingRows rows = wide_rows(many, 20);
  for (const bool barriers : {false, true}) {
    TrainingSettings settings = long_settings("gbdt");
    if (barriers) {
      settings.labels.barriers =
          LabelSettings::Barriers{500, 500};  // seldom reached: every label walks the whole horizon
      settings.horizon = settings.embargo = Duration::hours(4);
      settings.folds = 0;
    }
    Looks looks;
    REQUIRE(train(rows, settings, [&](const Progress&) {
              looks.look();
              return true;
            }).has_value());
    looks.look();
    INFO((barriers ? "barriers" : "plain") << ", " << looks.count() << " looks");
    CHECK(looks.longest_seconds() < 0.1 * slowness);
    CHECK(looks.count() > 1000);
  }
}

TEST_CASE("a training that is stopped at any look ends there") {
  const TrainingRows rows = wide_rows(3000, 6);
  for (const std::string_view kind : {"gbdt", "forest"}) {
    const TrainingSettings settings = long_settings(kind);
    int all = 0;
    REQUIRE(train(rows, settings, [&](const Progress&) { return ++all, true; }).has_value());
    REQUIRE(all > 200);
    for (int stop_at = 0; stop_at < all; stop_at += 1 + all / 60) {
      int looks = 0;
      Looks since;
      const Result<TrainedModel> model = train(rows, settings, [&](const Progress&) { return looks++ < stop_at; });
      INFO(kind << ", stopped at look " << stop_at << " of " << all);
      REQUIRE_FALSE(model.has_value());
      CHECK(model.error().remedy == Remedy::retry);
      CHECK(model.error().message == "training was cancelled");
      CHECK(looks == stop_at + 1);  // nothing asks again, so nothing goes on
    }
  }
}

TEST_CASE("the comparison with the champion and a trial of a tuning look at their stop too") {
  const TrainingRows rows = wide_rows(many, 20);
  TrainingSettings settings = long_settings("gbdt");
  settings.folds = 0;
  const TrainedModel trained = *train(wide_rows(4000, 20), settings);
  LoadedModel loaded{{}, predictor_of_model(trained), {}};
  loaded.summary.horizon = settings.horizon;
  loaded.summary.interval = rows.interval;
  loaded.summary.record.feature_hash = rows.feature_hash;
  Looks looks;
  const Stop stop = [&] {
    looks.look();
    return false;
  };
  REQUIRE(compare_models(loaded, loaded, rows, 1, 10, stop).has_value());
  CHECK(looks.longest_seconds() < 0.1 * slowness);
  CHECK(compare_models(loaded, loaded, rows, 1, 10, [] { return true; }).error().remedy == Remedy::retry);

  TuningSettings tuning;
  tuning.training = long_settings("gbdt");
  Looks of_trial;
  REQUIRE(run_trial(rows, tuning, {}, {}, [&](const Progress&) {
            of_trial.look();
            return true;
          }).has_value());
  CHECK(of_trial.longest_seconds() < 0.1 * slowness);
}

TEST_CASE("rows that the library takes in a few thousand at a time give the same trees") {
  for (const std::size_t count : {100U, 2048U, 2049U, 9000U}) {
    const Sample sample = labelled_sample(wide_rows(count, 9), Duration::minutes(1), {})->sample;
    std::vector<float> targets, weights;
    for (std::size_t i = 0; i < sample.size(); ++i) {
      targets.push_back(sample.labels[i] == Label::up ? 1.0F : 0.0F);
      weights.push_back(static_cast<float>(i % 7 + 1) / 4.0F);
    }
    const MatrixRows rows{sample.values, sample.columns, targets, weights};
    const Matrix whole = *Matrix::to_ask_about(rows, 1), in_pieces = *Matrix::to_learn_from(rows, 1, {});
    const auto trees_of = [&](const Matrix& matrix) {
      const Parameters parameters = {{"objective", "binary:logistic"},
                                     {"tree_method", "hist"},
                                     {"max_depth", "5"},
                                     {"nthread", "1"},
                                     {"subsample", "0.8"},
                                     {"seed", "3"}};
      const Matrix* const known[] = {&matrix};
      Booster booster = *Booster::create(parameters, known);
      for (int round = 0; round < 10; ++round) REQUIRE(booster.update(round, matrix).has_value());
      return *booster.save();
    };
    INFO(count << " rows");
    CHECK(trees_of(whole) == trees_of(in_pieces));
  }
}
