#include "candled/model/tuning.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "candled/model/overfitting.hpp"
#include "model/arithmetic.hpp"
#include "model/cross_validation.hpp"

namespace candled::model {
namespace {

constexpr std::size_t known_trials_min = 5;

// Worse after this many folds than half of what was tried before.
bool is_hopeless(std::span<const double> fold_losses, std::span<const Trial> trials) {
  std::vector<double> others;
  for (const Trial& trial : trials) {
    if (trial.state == TrialState::failed || trial.fold_losses.size() < fold_losses.size()) continue;
    others.push_back(mean(std::span(trial.fold_losses).first(fold_losses.size())));
  }
  if (others.size() < known_trials_min) return false;
  const auto middle = others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2);
  std::ranges::nth_element(others, middle);
  return mean(fold_losses) > *middle;
}

// Adds what each row earned over the base rate to the mean of its period; the tested rows stand in one line.
class PeriodScores {
 public:
  PeriodScores(std::size_t rows, std::size_t periods)
      : rows_(rows), sums_(std::min(rows, periods)), counts_(sums_.size()) {}
  void add(double score) {
    const std::size_t period = row_++ * sums_.size() / rows_;
    sums_[period] += score;
    counts_[period] += 1;
  }
  std::vector<double> means() const {
    std::vector<double> out;
    for (std::size_t i = 0; i < sums_.size(); ++i) out.push_back(sums_[i] / counts_[i]);
    return out;
  }

 private:
  std::size_t rows_, row_ = 0;
  std::vector<double> sums_, counts_;
};

struct Ground {
  Sample sample;  // the training part
  std::vector<Fold> folds;
};

// What all trials are tested on. Labels that are learned from differ between trials, the rows do not.
Result<Ground> ground_of(const TrainingRows& rows, const TrainingSettings& settings, Reporter& reporter) {
  Result<LabelledSample> all = labelled_sample(rows, settings.horizon, settings.labels, reporter.stop());
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  if (!all) return std::unexpected(all.error());
  const Split split =
      chronological_split(all->sample.open_times, settings.holdout_share, settings.horizon, settings.embargo);
  Ground ground{all->sample.slice(0, split.training_end, reporter.stop()), {}};
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  ground.folds = walk_forward(ground.sample.open_times, settings.folds, settings.horizon, settings.embargo);
  if (ground.folds.empty()) return refuse("tuning: there are no folds to test on");
  return ground;
}

// Loss and scores of one fold, added to the trial.
void take_fold(const Ground& ground, const Fold& fold, const TestedFold& tested, const TuningSettings& settings,
               Trial& trial, PeriodScores& scores, const Stop& stop) {
  if (settings.net_returns) {
    const auto times = std::span(ground.sample.open_times).subspan(fold.test_begin, fold.test_end - fold.test_begin);
    const std::vector<double> returns = settings.net_returns({times, tested.probabilities, {}, {}, stop});
    trial.fold_losses.push_back(-std::accumulate(returns.begin(), returns.end(), 0.0));
    trial.scores.insert(trial.scores.end(), returns.begin(), returns.end());
    return;
  }
  trial.fold_losses.push_back(tested.result.log_loss);
  for (std::size_t i = fold.test_begin; i < fold.test_end; ++i) {
    const Label label = ground.sample.labels[i];
    scores.add(log_loss(tested.up_share, label) - log_loss(tested.probabilities[i - fold.test_begin], label));
  }
}

// Runs the folds in order until the trial is complete, hopeless or cannot be trained.
Result<void> run_folds(const Ground& ground, const TrainingSettings& training, const TuningSettings& settings,
                       std::span<const Trial> trials, Reporter& reporter, Trial& trial) {
  std::size_t tested_rows = 0;
  for (const Fold& fold : ground.folds) tested_rows += fold.test_end - fold.test_begin;
  PeriodScores scores(tested_rows, settings.periods);
  for (const Fold& fold : ground.folds) {
    const Result<std::optional<TestedFold>> tested =
        test_fold(ground.sample, fold, cheaper(training.algorithm), training, reporter);
    if (!tested && tested.error().remedy == Remedy::retry) return std::unexpected(tested.error());
    if (!tested || !*tested) {
      trial.why = tested ? "too few rows to learn from in a fold" : tested.error().message;
      return {};
    }
    take_fold(ground, fold, **tested, settings, trial, scores, reporter.stop());
    if (Result<void> wanted = reporter.goes_on(); !wanted) return wanted;
    trial.loss = mean(trial.fold_losses);
    if (trial.fold_losses.size() < ground.folds.size() && is_hopeless(trial.fold_losses, trials)) {
      trial.state = TrialState::stopped;
      trial.scores.clear();
      return {};
    }
  }
  if (!settings.net_returns) trial.scores = scores.means();
  trial.state = TrialState::complete;
  return {};
}

}  // namespace

Result<Trial> run_trial(const TrainingRows& rows, const TuningSettings& settings, std::span<const Trial> trials,
                        std::vector<Parameter> parameters, const OnProgress& on_progress) {
  Trial trial;
  trial.number = trials.empty() ? 1 : trials.back().number + 1;
  trial.parameters = std::move(parameters);
  const Result<TrainingSettings> training = with_parameters(settings.training, trial.parameters);
  Result<void> usable = training ? check_algorithm(training->algorithm) : Result<void>();
  if (!training || !usable) {
    trial.why = training ? usable.error().message : training.error().message;
    return trial;
  }
  Reporter reporter(on_progress, 0);
  const Result<Ground> ground = ground_of(rows, *training, reporter);
  if (!ground) return std::unexpected(ground.error());
  reporter.total(rounds_max(cheaper(training->algorithm), *training) * static_cast<int>(ground->folds.size()));
  if (Result<void> done = run_folds(*ground, *training, settings, trials, reporter, trial); !done) {
    return std::unexpected(done.error());
  }
  return trial;
}

TuningReport report_on(std::span<const Trial> trials) {
  TuningReport report;
  report.trials = trials.size();
  std::vector<double> ratios;
  std::vector<std::vector<double>> series;
  for (const Trial& trial : trials) {
    report.complete += trial.state == TrialState::complete ? 1 : 0;
    report.stopped += trial.state == TrialState::stopped ? 1 : 0;
    report.failed += trial.state == TrialState::failed ? 1 : 0;
    if (trial.state != TrialState::complete) continue;
    ratios.push_back(sharpe_ratio(trial.scores));
    series.push_back(trial.scores);
    if (!report.best || trial.loss < report.best->loss) report.best = trial;
  }
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  report.best_sharpe = report.expected_best_sharpe = report.deflated_sharpe_ratio = report.overfitting_probability =
      unknown;
  if (!report.best) return report;
  report.best_sharpe = sharpe_ratio(report.best->scores);
  // The bar counts every trial, also those that were stopped: they were looked at.
  std::erase_if(ratios, [](double ratio) { return !std::isfinite(ratio); });
  if (!ratios.empty()) {
    const double centre = mean(ratios);
    double variance = 0;
    for (const double ratio : ratios)
      variance += (ratio - centre) * (ratio - centre) / static_cast<double>(ratios.size());
    report.expected_best_sharpe = expected_best_sharpe(variance, report.trials);
  }
  report.deflated_sharpe_ratio = deflated_sharpe_ratio(report.best->scores, ratios, report.trials);
  if (const Result<double> probability = backtest_overfitting_probability(series)) {
    report.overfitting_probability = *probability;
  }
  return report;
}

}  // namespace candled::model
