#include "candled/model/trainer.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "candled/model/predictor.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

TrainingSettings quick(std::string_view kind, Duration horizon) {
  TrainingSettings settings;
  settings.algorithm = *algorithm_named(kind);
  if (auto* gbdt = std::get_if<GbdtSettings>(&settings.algorithm)) gbdt->rounds = 60;
  if (auto* forest = std::get_if<ForestSettings>(&settings.algorithm)) forest->depth = 4;
  settings.horizon = horizon;
  settings.embargo = horizon;
  return settings;
}

std::string refusal(const TrainingRows& rows, const TrainingSettings& settings) {
  const Result<TrainedModel> model = train(rows, settings);
  REQUIRE_FALSE(model.has_value());
  CHECK(model.error().remedy == Remedy::refuse);
  CHECK(model.error().message.find('\n') == std::string::npos);
  return model.error().message;
}

}  // namespace

TEST_CASE("a planted signal is found") {
  for (const std::string_view kind : {"gbdt", "forest"}) {
    INFO(kind);
    const auto model = train(made_rows(6000, 0.7, 11), quick(kind, Duration::minutes(1)));
    REQUIRE(model.has_value());
    const Metrics& m = model->metrics;
    CHECK(m.accuracy > 0.67);
    CHECK(m.accuracy < 0.73);
    CHECK(m.accuracy_interval.low <= 0.7);
    CHECK(m.accuracy_interval.high >= 0.7);
    CHECK(m.accuracy_interval.low > m.baselines.majority + 0.05);
    CHECK(m.log_loss < m.baselines.base_rate_log_loss - 0.03);
    CHECK(m.auc > 0.65);
    CHECK(m.rows == 1200);
  }
}

TEST_CASE("nothing is found in a random walk") {
  // Features of the past of the walk itself, overlapping labels: where a leak would show at once.
  int above = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    TrainingRows rows = made_rows(3000, 0.5, seed);
    for (std::size_t i = 20; i < rows.size(); ++i) {
      rows.features[i * 4] = rows.closes[i].to_usual_units() - rows.closes[i - 5].to_usual_units();
      rows.features[i * 4 + 2] = rows.closes[i].to_usual_units() - rows.closes[i - 20].to_usual_units();
    }
    const auto model = train(rows, quick(seed % 2 == 0 ? "gbdt" : "forest", Duration::minutes(5)));
    REQUIRE(model.has_value());
    if (model->metrics.accuracy_interval.low > 0.5) ++above;
    CHECK(model->metrics.accuracy < 0.6);
  }
  CHECK(above <= 2);
}

TEST_CASE("same rows, same seed: same bytes") {
  const TrainingRows rows = made_rows(800, 0.6, 3);
  for (const std::string_view kind : {"gbdt", "forest"}) {
    TrainingSettings settings = quick(kind, Duration::minutes(1));
    const auto first = train(rows, settings), second = train(rows, settings);
    CHECK(bytes_of(*first) == bytes_of(*second));
    CHECK(to_json(first->metrics) == to_json(second->metrics));
    settings.seed = 2;
    CHECK(bytes_of(*train(rows, settings)) != bytes_of(*first));
  }
}

TEST_CASE("the model never saw the hold-out") {
  // Turning every label of the hold-out and of the purged rows upside down must not change a byte of the model.
  TrainingRows rows = made_rows(1000, 0.6, 4);
  const auto model = train(rows, quick("gbdt", Duration::minutes(5)));
  REQUIRE(model.has_value());
  // 995 labelled rows; the newest 199 are held out, from row 796; 5 minutes of purge and 5 of embargo before it.
  CHECK(model->training_rows == 787);
  CHECK(model->purged_rows == 9);
  CHECK(model->metrics.rows == 199);
  CHECK(model->metrics.from == minute(796));
  CHECK(model->trained_from == minute(0));
  CHECK(model->trained_to == minute(786 + 5 + 1));
  for (std::size_t i = 792; i < rows.size(); ++i)
    rows.closes[i] = Price::from_units(2'000'000 - rows.closes[i].usual_units().value());
  for (std::size_t i = 787 * 4; i < rows.features.size(); ++i) rows.features[i] = -rows.features[i];
  CHECK(bytes_of(*train(rows, quick("gbdt", Duration::minutes(5)))) == bytes_of(*model));
}

TEST_CASE("gaps, warm-up rows and missing values are left out or passed on, never guessed") {
  TrainingRows rows = made_rows(600, 0.7, 5);
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < 30 * 4; ++i) rows.features[i] = unknown;
  for (std::size_t i = 100; i < 110; ++i) rows.states[i] = CandleState::gap;
  for (std::size_t i = 0; i < rows.size(); ++i) rows.features[i * 4 + 3] = unknown;
  rows.features[50 * 4 + 2] = std::numeric_limits<double>::infinity();
  rows.features[51 * 4 + 2] = 1e300;
  const auto model = train(rows, quick("gbdt", Duration::minutes(1)));
  REQUIRE(model.has_value());
  CHECK(model->unknown_features == std::vector<std::string>{"sometimes"});
  // 600 - 30 warm-up - 10 gaps - the one before the gap - the last.
  CHECK(model->training_rows + model->purged_rows + model->metrics.rows == 558);
  CHECK(model->trained_from == minute(30));
}

TEST_CASE("trainings that cannot be are refused with one line") {
  const TrainingSettings settings = quick("gbdt", Duration::minutes(5));
  CHECK(refusal(made_rows(3, 0.7, 1), settings) == "training: the horizon of 5m is longer than the window of 3m");
  CHECK(refusal(made_rows(0, 0.7, 1), settings) == "training: there are no candles");
  CHECK(refusal(made_rows(40, 0.7, 1), settings) ==
        "training: too few rows: the hold-out has 7, at least 10 are needed");
  CHECK(refusal(made_rows(60, 0.7, 1), settings) ==
        "training: too few rows: 35 are left to learn from, at least 40 are needed");

  TrainingRows rows = made_rows(500, 0.7, 1);
  for (double& value : rows.features) value = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(rows, settings) == "training: all features of all 495 labelled rows are unknown");

  rows = made_rows(500, 0.7, 1);
  for (std::size_t i = 0; i < rows.size(); ++i) rows.closes[i] = Price::from_units(1000 + static_cast<std::int64_t>(i));
  CHECK(refusal(rows, settings) == "training: one class only: all 387 training rows are up");
  std::ranges::fill(rows.closes, Price::from_units(5));
  CHECK(refusal(rows, settings) == "training: one class only: all 387 training rows are not up");
  std::ranges::fill(rows.states, CandleState::gap);
  CHECK(refusal(rows, settings) ==
        "training: none of 500 candles has a label (the price one horizon later is not known)");

  rows = made_rows(500, 0.7, 1);
  TrainingSettings odd = settings;
  odd.horizon = Duration::seconds(90);
  CHECK(refusal(rows, odd) == "training: horizon 90s is not a multiple of the candle interval 1m");
  odd = settings;
  odd.embargo = Duration::hours(9);
  CHECK(refusal(rows, odd) == "training: too few rows: 0 are left to learn from, at least 40 are needed");
  odd = settings;
  odd.holdout_share = 1.0;
  CHECK(refusal(rows, odd) == "training: holdout_share must be between 0 and 1");
  odd = settings;
  std::get<GbdtSettings>(odd.algorithm).eta = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(rows, odd) == "training: eta must be above 0, at most 1");
  CHECK(algorithm_named("lstm").error().message == "unknown model kind 'lstm' (gbdt, forest or ensemble)");
}

TEST_CASE("a forest is the mean of its trees, however they grow") {
  // With all rows and columns every tree is the same one, so 20 of them, in two rounds, must answer as one does.
  // Boosting would have gone on to what the first round left over.
  const TrainingRows rows = made_rows(800, 0.7, 2);
  TrainingSettings settings = quick("forest", Duration::minutes(1));
  const auto predictor = [&](int trees) {
    settings.algorithm = ForestSettings{.trees = trees, .depth = 4, .row_share = 1, .column_share = 1};
    return *predictor_of_bytes({"20260101_000000", "h", 4, settings.horizon}, bytes_of(*train(rows, settings)));
  };
  const auto one = predictor(1), twenty = predictor(20);
  double lowest = 1, highest = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    const double probability = one->predict(rows.row(i));
    CHECK(twenty->predict(rows.row(i)) == Approx(probability).epsilon(1e-5));
    lowest = std::min(lowest, probability);
    highest = std::max(highest, probability);
  }
  CHECK(lowest < 0.4);
  CHECK(highest > 0.6);
}

TEST_CASE("a training tells its progress and can be cancelled") {
  const TrainingRows rows = made_rows(500, 0.7, 1);
  int rounds = 0, total = 0;
  REQUIRE(train(rows, quick("gbdt", Duration::minutes(5)), [&](const Progress& progress) {
            CHECK((progress.done == rounds || progress.done == rounds + 1));
            rounds = progress.done;
            total = progress.total;
            return true;
          }).has_value());
  CHECK(rounds >= 10);
  CHECK(rounds <= total);
  for (const std::string_view kind : {"gbdt", "forest"}) {
    const auto cancelled =
        train(rows, quick(kind, Duration::minutes(5)), [](const Progress& progress) { return progress.done < 3; });
    REQUIRE_FALSE(cancelled.has_value());
    CHECK(cancelled.error().remedy == Remedy::retry);
    CHECK(cancelled.error().message == "training was cancelled");
  }
}
