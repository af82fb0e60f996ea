#include "model/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "candled/model/validation.hpp"

namespace candled::model {
namespace {

// The model starts from the base rate of the sample: with 0.5 the first trees would be spent on learning it.
double base_score(const Sample& sample) { return std::clamp(up_target_share(sample), 0.01, 0.99); }

Parameters common_parameters(const Sample& sample, const TrainingSettings& settings) {
  return {{"booster", "gbtree"},
          {"objective", "binary:logistic"},
          {"tree_method", "hist"},
          {"base_score", fmt::format("{:.6f}", base_score(sample))},
          {"seed", fmt::format("{}", settings.seed)},
          {"nthread", fmt::format("{}", settings.threads)},
          {"disable_default_eval_metric", "1"},
          {"verbosity", "0"}};
}

Parameters parameters_of(const GbdtSettings& gbdt, const Sample& sample, const TrainingSettings& settings) {
  Parameters parameters = common_parameters(sample, settings);
  parameters.insert(parameters.end(), {{"eta", fmt::format("{}", gbdt.eta)},
                                       {"max_depth", fmt::format("{}", gbdt.depth)},
                                       {"subsample", fmt::format("{}", gbdt.row_share)},
                                       {"colsample_bytree", fmt::format("{}", gbdt.column_share)},
                                       {"min_child_weight", fmt::format("{}", gbdt.child_weight_min)},
                                       {"lambda", fmt::format("{}", gbdt.lambda)}});
  if (gbdt.leaves_max > 0) {
    parameters.insert(parameters.end(),
                      {{"grow_policy", "lossguide"}, {"max_leaves", fmt::format("{}", gbdt.leaves_max)}});
  }
  return parameters;
}

Parameters parameters_of(const ForestSettings& forest, const Sample& sample, const TrainingSettings& settings) {
  Parameters parameters = common_parameters(sample, settings);
  // One tree a round: the library cannot be stopped within one.
  parameters.insert(parameters.end(), {{"eta", fmt::format("{}", 1.0 / forest.trees)},
                                       {"num_parallel_tree", "1"},
                                       {"max_depth", fmt::format("{}", forest.depth)},
                                       {"subsample", fmt::format("{}", forest.row_share)},
                                       {"colsample_bynode", fmt::format("{}", forest.column_share)},
                                       {"min_child_weight", fmt::format("{}", forest.child_weight_min)},
                                       {"lambda", fmt::format("{}", forest.lambda)}});
  return parameters;
}

float target_of(Label label) { return label == Label::up ? 1.0F : 0.0F; }

std::vector<float> targets_of(const Sample& sample) {
  std::vector<float> targets;
  targets.reserve(sample.size());
  for (const Label label : sample.targets) targets.push_back(target_of(label));
  return targets;
}

Result<Matrix> to_learn_from(const Sample& sample, int threads, Reporter& reporter) {
  const std::vector<float> targets = targets_of(sample);
  Result<Matrix> matrix =
      Matrix::to_learn_from({sample.values, sample.columns, targets, sample.weights}, threads, reporter.stop());
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  return matrix;
}

// In pieces: the library cannot be stopped while it takes one in or is asked about it.
Result<std::vector<Matrix>> to_ask_about(const Sample& sample, int threads, Reporter& reporter) {
  constexpr std::size_t rows_of_one = 8192;
  const std::vector<float> targets = targets_of(sample);
  std::vector<Matrix> matrices;
  for (std::size_t begin = 0; begin < sample.size(); begin += rows_of_one) {
    if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
    const std::size_t rows = std::min(rows_of_one, sample.size() - begin);
    Result<Matrix> matrix = Matrix::to_ask_about(
        {std::span(sample.values).subspan(begin * sample.columns, rows * sample.columns), sample.columns,
         std::span(targets).subspan(begin, rows), std::span(sample.weights).subspan(begin, rows)},
        threads);
    if (!matrix) return std::unexpected(matrix.error());
    matrices.push_back(*std::move(matrix));
  }
  return matrices;
}

}  // namespace

bool has_both_classes(const Sample& sample) {
  const double share = up_target_share(sample);
  return share > 0 && share < 1;
}

namespace {

// `grow` adds one round to the booster; everything else about a fit is the same for every algorithm.
using Grow = std::function<Result<void>(Booster&, int round, const Matrix&)>;

Result<FittedPart> fit_rounds(std::string kind, Parameters parameters, int rounds, const Sample& sample, int threads,
                              Reporter& reporter, const Grow& grow) {
  const Result<Matrix> matrix = to_learn_from(sample, threads, reporter);
  if (!matrix) return std::unexpected(matrix.error());
  const Matrix* const known[] = {&*matrix};
  Result<Booster> booster = Booster::create(parameters, known);
  if (!booster) return std::unexpected(booster.error());
  for (int round = 0; round < rounds; ++round) {
    if (const Result<void> goes_on = reporter.round(); !goes_on) return std::unexpected(goes_on.error());
    if (const Result<void> done = grow(*booster, round, *matrix); !done) return std::unexpected(done.error());
  }
  parameters.emplace_back("rounds", fmt::format("{}", rounds));
  return FittedPart{std::move(kind), 1, *std::move(booster), std::move(parameters)};
}

struct StoppingParts {
  Sample learn, tail;
};

std::optional<StoppingParts> stopping_parts(const GbdtSettings& gbdt, const Sample& sample,
                                            const TrainingSettings& settings, const Stop& stop) {
  const Split split = chronological_split(sample.open_times, gbdt.stopping_share, settings.horizon, settings.embargo);
  StoppingParts parts{sample.slice(0, split.training_end, stop),
                      sample.slice(split.holdout_begin, sample.size(), stop)};
  if (parts.tail.size() < gbdt.stopping_rows_min || parts.learn.size() < gbdt.stopping_rows_min) return std::nullopt;
  if (!has_both_classes(parts.learn) || !has_both_classes(parts.tail)) return std::nullopt;
  return parts;
}

double weighed_log_loss(std::span<const double> probabilities, const Sample& sample) {
  double loss = 0, weights = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const auto weight = static_cast<double>(sample.weights[i]);
    loss += weight * log_loss(probabilities[i], sample.targets[i]);
    weights += weight;
  }
  return loss / weights;
}

// The number of rounds with the lowest log loss on the tail.
Result<int> best_rounds(const GbdtSettings& gbdt, const StoppingParts& parts, const TrainingSettings& settings,
                        Reporter& reporter) {
  const Result<Matrix> learn = to_learn_from(parts.learn, settings.threads, reporter);
  if (!learn) return std::unexpected(learn.error());
  const Result<std::vector<Matrix>> tail = to_ask_about(parts.tail, settings.threads, reporter);
  if (!tail) return std::unexpected(tail.error());
  std::vector<const Matrix*> known = {&*learn};
  for (const Matrix& piece : *tail) known.push_back(&piece);
  Result<Booster> booster = Booster::create(parameters_of(gbdt, parts.learn, settings), known);
  if (!booster) return std::unexpected(booster.error());

  int best = 0;
  double lowest = std::numeric_limits<double>::infinity();
  for (int round = 0; round < gbdt.rounds && round - best < gbdt.patience; ++round) {
    if (const Result<void> goes_on = reporter.round(); !goes_on) return std::unexpected(goes_on.error());
    if (const Result<void> done = booster->update(round, *learn); !done) return std::unexpected(done.error());
    std::vector<double> probabilities;
    for (const Matrix& piece : *tail) {
      if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
      const Result<std::vector<double>> said = booster->predict(piece);
      if (!said) return std::unexpected(said.error());
      probabilities.insert(probabilities.end(), said->begin(), said->end());
    }
    if (const double loss = weighed_log_loss(probabilities, parts.tail); loss < lowest) {
      lowest = loss;
      best = round + 1;
    }
  }
  return std::clamp(best, std::min(gbdt.rounds_min, gbdt.rounds), gbdt.rounds);
}

}  // namespace

Result<void> Reporter::goes_on() {
  if (stop_()) return retry("training was cancelled");
  return {};
}

Result<void> Reporter::round() {
  if (Result<void> wanted = goes_on(); !wanted) return wanted;
  ++done_;
  return {};
}

Result<FittedPart> fit(const GbdtSettings& gbdt, const Sample& sample, const TrainingSettings& settings,
                       Reporter& reporter) {
  int rounds = gbdt.rounds;
  const std::optional<StoppingParts> parts = stopping_parts(gbdt, sample, settings, reporter.stop());
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  if (parts) {
    const Result<int> best = best_rounds(gbdt, *parts, settings, reporter);
    if (!best) return std::unexpected(best.error());
    rounds = *best;
  }
  return fit_rounds("gbdt", parameters_of(gbdt, sample, settings), rounds, sample, settings.threads, reporter,
                    [](Booster& booster, int round, const Matrix& matrix) { return booster.update(round, matrix); });
}

Result<FittedPart> fit(const ForestSettings& forest, const Sample& sample, const TrainingSettings& settings,
                       Reporter& reporter) {
  // Every tree sees the gradient at the base rate, never what the trees before it left over: that makes it a forest,
  // although it grows in rounds.
  const double base = base_score(sample);
  std::vector<float> gradients, hessians;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const auto weight = static_cast<double>(sample.weights[i]);
    gradients.push_back(static_cast<float>(weight * (base - static_cast<double>(target_of(sample.targets[i])))));
    hessians.push_back(static_cast<float>(weight * base * (1.0 - base)));
  }
  return fit_rounds(
      "forest", parameters_of(forest, sample, settings), forest.trees, sample, settings.threads, reporter,
      [&](Booster& booster, int, const Matrix& matrix) { return booster.boost(matrix, gradients, hessians); });
}

int rounds_of(const GbdtSettings& gbdt) { return 2 * gbdt.rounds; }
int rounds_of(const ForestSettings& forest) { return forest.trees; }

}  // namespace candled::model
