#include "model/cross_validation.hpp"

#include "candled/model/validation.hpp"

namespace candled::model {
namespace {

bool can_learn(const Sample& past, const TrainingSettings& settings) {
  if (past.learnable_rows() < settings.training_rows_min) return false;
  const double share = up_target_share(past);
  return share > 0 && share < 1;
}

std::vector<double> constant(std::size_t count, double value) { return std::vector<double>(count, value); }

FoldResult fold_result(const Sample& test, std::span<const double> probabilities, const Vote& vote) {
  FoldResult result;
  result.from = test.open_times.front();
  result.to = test.open_times.back();
  result.training_rows = vote.rows;
  result.rows = test.size();
  double hits = 0;
  for (std::size_t i = 0; i < test.size(); ++i) {
    hits += (probabilities[i] > 0.5) == (test.labels[i] == Label::up) ? 1 : 0;
  }
  result.accuracy = hits / static_cast<double>(test.size());
  result.auc = area_under_roc(probabilities, test.labels);
  result.log_loss = log_loss(probabilities, test.labels);
  result.base_rate_log_loss = log_loss(constant(test.size(), vote.up_share), test.labels);
  return result;
}

}  // namespace

Result<std::optional<TestedFold>> test_fold(const Sample& sample, const Fold& fold, const Algorithm& algorithm,
                                            const TrainingSettings& settings, Reporter& reporter) {
  const Sample past = sample.slice(0, fold.training_end, reporter.stop());
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  if (!can_learn(past, settings)) return std::nullopt;
  const Result<Vote> vote = fit_vote(algorithm, past, settings, reporter);
  if (!vote) return std::unexpected(vote.error());
  const Sample test = sample.slice(fold.test_begin, fold.test_end, reporter.stop());
  Result<std::vector<double>> probabilities = vote_on(*vote, test, reporter);
  if (!probabilities) return std::unexpected(probabilities.error());
  const FoldResult result = fold_result(test, *probabilities, *vote);
  return TestedFold{result, *std::move(probabilities), vote->up_share};
}

Result<OutOfSample> walk_forward_predictions(const Sample& sample, const Algorithm& algorithm,
                                             const TrainingSettings& settings, Reporter& reporter) {
  OutOfSample out;
  for (const Fold& fold : walk_forward(sample.open_times, settings.folds, settings.horizon, settings.embargo)) {
    const Result<std::optional<TestedFold>> tested = test_fold(sample, fold, algorithm, settings, reporter);
    if (!tested) return std::unexpected(tested.error());
    if (!*tested) continue;
    if (out.folds.empty()) out.first_up_share = (*tested)->up_share;
    out.folds.push_back((*tested)->result);
    for (std::size_t i = fold.test_begin; i < fold.test_end; ++i) out.positions.push_back(i);
    const std::vector<double>& probabilities = (*tested)->probabilities;
    out.probabilities.insert(out.probabilities.end(), probabilities.begin(), probabilities.end());
  }
  return out;
}

std::optional<Metrics> measured(const OutOfSample& tested, const Sample& sample, std::span<const Label> directions,
                                std::size_t horizon_rows, std::uint64_t seed, const Stop& stop) {
  if (tested.positions.empty()) return std::nullopt;
  std::vector<Timestamp> open_times;
  std::vector<Label> labels, before;
  for (const std::size_t i : tested.positions) {
    open_times.push_back(sample.open_times[i]);
    labels.push_back(sample.labels[i]);
    before.push_back(directions[i]);
  }
  return measure({open_times, tested.probabilities, labels, before, tested.first_up_share},
                 bootstrap_block_rows(labels.size(), horizon_rows), seed, stop);
}

Result<std::vector<Metrics>> combinatorial_paths(const Sample& sample, std::span<const Label> directions,
                                                 std::size_t horizon_rows, const TrainingSettings& settings,
                                                 Reporter& reporter) {
  std::vector<Metrics> metrics;
  if (!settings.combinatorial) return metrics;
  const Result<CombinatorialPlan> plan =
      combinatorial_plan(sample.open_times, *settings.combinatorial, settings.horizon, settings.embargo);
  if (!plan) return std::unexpected(plan.error());
  // The n-th time that a group is tested on belongs to path n.
  std::vector<std::size_t> tested(settings.combinatorial->groups, 0);
  std::vector<std::vector<double>> paths(plan->paths, std::vector<double>(sample.size(), 0.5));
  for (const CombinatorialSplit& split : plan->splits) {
    const Sample learned = sample.at(split.training_positions, reporter.stop());
    if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
    if (!can_learn(learned, settings)) {
      return refuse("training: too few rows for the combinatorial validation");
    }
    const Result<Vote> vote = fit_vote(cheaper(settings.algorithm), learned, settings, reporter);
    if (!vote) return std::unexpected(vote.error());
    for (const std::size_t group : split.test_groups) {
      const std::size_t begin = plan->group_begins[group], end = plan->group_begins[group + 1];
      const Result<std::vector<double>> probabilities =
          vote_on(*vote, sample.slice(begin, end, reporter.stop()), reporter);
      if (!probabilities) return std::unexpected(probabilities.error());
      std::ranges::copy(*probabilities, paths[tested[group]++].begin() + static_cast<std::ptrdiff_t>(begin));
    }
  }
  for (const std::vector<double>& path : paths) {
    metrics.push_back(measure({sample.open_times, path, sample.labels, directions, up_share(sample)},
                              bootstrap_block_rows(sample.size(), horizon_rows), settings.seed, reporter.stop()));
    if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  }
  return metrics;
}

Result<int> cross_validation_rounds_max(const TrainingSettings& settings) {
  int fits = static_cast<int>(settings.folds);
  if (settings.combinatorial) {
    // The number of splits hangs on the settings alone: as many rows as groups are enough to count them.
    std::vector<Timestamp> times;
    for (std::size_t i = 0; i < std::min<std::size_t>(settings.combinatorial->groups, 1000); ++i) {
      times.push_back(Timestamp{} + Duration::days(static_cast<std::int64_t>(i)));
    }
    const Result<CombinatorialPlan> plan = combinatorial_plan(times, *settings.combinatorial, Duration{1}, Duration{});
    if (!plan) return refuse("training: " + plan.error().message);
    fits += static_cast<int>(plan->splits.size());
  }
  return fits * rounds_max(cheaper(settings.algorithm), settings);
}

}  // namespace candled::model
