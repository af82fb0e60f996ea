#include "candled/model/tuning.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "candled/model/overfitting.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

TuningSettings settings_for_test() {
  TuningSettings settings;
  settings.training.algorithm = GbdtSettings{.rounds = 20, .depth = 3};
  settings.training.horizon = settings.training.embargo = Duration::minutes(1);
  settings.training.folds = 3;
  settings.space = search_space(settings.training.algorithm, 20);
  return settings;
}

double normal(std::mt19937_64& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += uniform(random);
  return sum;
}

std::vector<double> series(std::size_t length, double mean, std::mt19937_64& random) {
  std::vector<double> values;
  for (std::size_t i = 0; i < length; ++i) values.push_back(mean + normal(random));
  return values;
}

// A search on a function instead of a training: the loss is lowest at depth 5 and learning rate 0.1.
double best_found(std::uint64_t seed, int count) {
  TuningSettings settings = settings_for_test();
  settings.seed = seed;
  std::vector<Trial> trials;
  double best = 1e9;
  for (int i = 0; i < count; ++i) {
    Trial trial;
    trial.number = i + 1;
    trial.state = TrialState::complete;
    trial.parameters = propose(settings, trials);
    for (const auto& [name, value] : trial.parameters) {
      if (name == "depth") trial.loss += std::pow((value - 5) / 6, 2);
      if (name == "learning_rate") trial.loss += std::pow(std::log(value / 0.1) / 3.4, 2);
      if (name == "row_share") trial.loss += std::pow(value - 0.5, 2);
    }
    best = std::min(best, trial.loss);
    trials.push_back(trial);
  }
  return best;
}

}  // namespace

TEST_CASE("proposals stay in the space, are the same for the same trials, and close in on what is good") {
  TuningSettings settings = settings_for_test();
  std::vector<Trial> trials;
  for (int i = 0; i < 40; ++i) {
    const std::vector<Parameter> parameters = propose(settings, trials);
    REQUIRE(parameters.size() == settings.space.size());
    for (std::size_t d = 0; d < parameters.size(); ++d) {
      CHECK(parameters[d].name == settings.space[d].name);
      CHECK(parameters[d].value >= settings.space[d].low);
      CHECK(parameters[d].value <= settings.space[d].high);
      if (settings.space[d].is_whole) CHECK(parameters[d].value == std::round(parameters[d].value));
      CHECK(parameters[d].value == propose(settings, trials)[d].value);
    }
    CHECK(with_parameters(settings.training, parameters).has_value());
    Trial trial;
    trial.number = i + 1;
    trial.state = i % 3 == 0 ? TrialState::stopped : TrialState::complete;
    trial.parameters = parameters;
    trial.loss = parameters[0].value;
    trials.push_back(trial);
  }
  double start = 0, end = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    start += best_found(seed, 10) / 10;
    end += best_found(seed, 50) / 10;
  }
  CHECK(end < start / 3);
  CHECK(end < 0.01);
}

TEST_CASE("trials run, hopeless ones are stopped, all can be stored and read") {
  const TrainingRows rows = made_rows(1500, 0.7, 61);
  const TuningSettings settings = settings_for_test();
  std::vector<Trial> trials;
  for (int i = 0; i < 7; ++i) {
    const Result<Trial> trial = run_trial(rows, settings, trials, {{"depth", 2.0 + i % 3}});
    REQUIRE(trial.has_value());
    CHECK(trial->number == i + 1);
    trials.push_back(*trial);
  }
  CHECK(trials[0].state == TrialState::complete);
  CHECK(trials[0].fold_losses.size() == 3);
  CHECK(trials[0].scores.size() == 160);
  CHECK(trials[0].loss < 0.69);
  // One that learns nothing is stopped by what the others did in the first fold.
  const Trial hopeless = *run_trial(rows, settings, trials, {{"child_weight_min", 1e6}});
  CHECK(hopeless.state == TrialState::stopped);
  CHECK(hopeless.fold_losses.size() == 1);
  CHECK(hopeless.scores.empty());
  const Trial failed = *run_trial(rows, settings, trials, {{"depth", 99}});
  CHECK(failed.state == TrialState::failed);
  CHECK(failed.why == "depth must be 1 to 20");
  CHECK(run_trial(rows, settings, trials, {{"magic", 1}})->why == "parameter 'magic' is none of a gbdt");
  CHECK(run_trial(rows, settings, trials, {}, [](const Progress&) { return false; }).error().remedy == Remedy::retry);

  trials.push_back(hopeless);
  trials.push_back(failed);
  for (const Trial& trial : trials) {
    const Result<Trial> back = parse_trial(to_json(trial));
    REQUIRE(back.has_value());
    CHECK(to_json(*back) == to_json(trial));
  }
  const TuningReport report = report_on(trials);
  CHECK(report.trials == 9);
  CHECK(report.stopped >= 1);
  CHECK(report.failed == 1);
  CHECK(report.best->state == TrialState::complete);
  CHECK(report.best_sharpe > 0.3);
  CHECK(report.deflated_sharpe_ratio > 0.95);  // a real edge
  CHECK(to_json(report).find("\"trials\":9") != std::string::npos);
  for (const std::string_view bad : {"", "{}", "[]", R"({"number":-1})"}) CHECK_FALSE(parse_trial(bad).has_value());
}

TEST_CASE("the hold-out is not looked at by any trial") {
  TrainingRows rows = made_rows(1000, 0.7, 62);
  const Trial before = *run_trial(rows, settings_for_test(), {}, {});
  for (std::size_t i = 801; i < rows.size(); ++i)
    rows.closes[i] = Price::from_units(2'000'000 - rows.closes[i].usual_units().value());
  for (std::size_t i = 801 * 4; i < rows.features.size(); ++i) rows.features[i] = -rows.features[i];
  CHECK(run_trial(rows, settings_for_test(), {}, {})->loss == before.loss);
}

TEST_CASE("net returns instead of log loss") {
  TuningSettings settings = settings_for_test();
  settings.net_returns = [](const HoldoutPredictions& fold) {
    return std::vector<double>{0.01, -0.002 * static_cast<double>(fold.open_times.size() > 0)};
  };
  const Trial trial = *run_trial(made_rows(1000, 0.7, 63), settings, {}, {});
  CHECK(trial.loss == Approx(-0.008));
  CHECK(trial.scores.size() == 6);
}

TEST_CASE("deflated Sharpe ratio: one trial, many trials, the example of the paper") {
  CHECK(normal_quantile(0.975) == Approx(1.959964).epsilon(1e-6));
  CHECK(normal_distribution(-1.0) == Approx(0.1586553).epsilon(1e-6));
  // Bailey and Lopez de Prado, numerical example: annual ratio 2.5 over five years of days, skew -3, kurtosis 10, 100
  // trials whose annual ratios vary by one half: the bar is 0.1132 a day and the answer 0.9004.
  CHECK(expected_best_sharpe(0.5 / 250, 100) == Approx(0.1132).margin(0.0001));
  std::mt19937_64 random(4);
  const std::vector<double> good = series(400, 0.2, random), none = series(400, 0, random);
  CHECK(deflated_sharpe_ratio(good, std::vector<double>{sharpe_ratio(good)}, 1) > 0.99);
  CHECK(std::isnan(deflated_sharpe_ratio(std::vector<double>(5, 1.0), std::vector<double>{0.1}, 1)));
  CHECK(std::isnan(deflated_sharpe_ratio(none, {}, 3)));
  // The best of 100 without skill looks good and is not.
  std::vector<double> ratios, best;
  for (int i = 0; i < 100; ++i) {
    const std::vector<double> one = series(400, 0, random);
    ratios.push_back(sharpe_ratio(one));
    if (best.empty() || ratios.back() > sharpe_ratio(best)) best = one;
  }
  CHECK(deflated_sharpe_ratio(best, std::vector<double>{sharpe_ratio(best)}, 1) > 0.97);
  CHECK(deflated_sharpe_ratio(best, ratios, 100) < 0.85);
  CHECK(expected_best_sharpe(1.0 / 400, 100) == Approx(sharpe_ratio(best)).margin(0.06));
}

TEST_CASE("probability of overfitting: one half for noise, none for a real best") {
  double noise = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<std::vector<double>> trials;
    for (int i = 0; i < 20; ++i) trials.push_back(series(160, 0, random));
    noise += *backtest_overfitting_probability(trials, 10) / 10;
    trials[7] = series(160, 0.8, random);
    CHECK(*backtest_overfitting_probability(trials, 10) < 0.02);
  }
  CHECK(noise == Approx(0.5).margin(0.15));
  CHECK_FALSE(backtest_overfitting_probability(std::vector<std::vector<double>>{{1, 2, 3}}, 2).has_value());
  CHECK_FALSE(backtest_overfitting_probability(std::vector<std::vector<double>>{{1, 2, 3}, {1, 2}}, 2).has_value());
  CHECK_FALSE(backtest_overfitting_probability(std::vector<std::vector<double>>{{1, 2, 3}, {1, 2, 4}}, 3).has_value());
}
