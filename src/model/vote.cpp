#include "model/vote.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "model/trees.hpp"

namespace candled::model {
namespace {

constexpr int choice_rounds = 40;

GbdtSettings choice_algorithm() {
  GbdtSettings small;
  small.rounds = choice_rounds;
  small.depth = 3;
  small.stopping_rows_min = SIZE_MAX;  // no early stopping: a ranking wants no best length
  return small;
}

// settings.columns_max columns with the largest gain in a small first fit stay, the others become NaN, which nothing is
// learned from.
Result<void> keep_best_columns(Sample& training, const TrainingSettings& settings, Reporter& reporter) {
  if (settings.columns_max == 0 || settings.columns_max >= training.columns) return {};
  const Result<FittedPart> first = fit(choice_algorithm(), training, settings, reporter);
  if (!first) return std::unexpected(first.error());
  const Result<std::string> bytes = first->booster.save();
  if (!bytes) return std::unexpected(bytes.error());
  const Result<Trees> trees = Trees::parse(*bytes, training.columns);
  if (!trees) return std::unexpected(trees.error());
  const std::vector<ColumnImportance> importance = trees->importance();
  std::vector<std::size_t> order(training.columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return importance[i].gain; });
  for (const std::size_t column : std::span(order).subspan(settings.columns_max)) {
    for (std::size_t i = 0; i < training.size(); ++i) {
      training.values[i * training.columns + column] = std::numeric_limits<float>::quiet_NaN();
    }
  }
  return {};
}

ForestSettings quarter(ForestSettings forest) {
  forest.trees = std::max(std::min(forest.trees, 20), forest.trees / 4);
  return forest;
}
GbdtSettings quarter(GbdtSettings gbdt) { return gbdt; }

// A single algorithm is a vote of one.
EnsembleSettings members_of(const Algorithm& algorithm) {
  if (const auto* gbdt = std::get_if<GbdtSettings>(&algorithm)) return {{{*gbdt, 1}}};
  if (const auto* forest = std::get_if<ForestSettings>(&algorithm)) return {{{*forest, 1}}};
  return std::get<EnsembleSettings>(algorithm);
}

// Gives both classes the same weight in all.
PlattMap weigh_classes(Sample& sample) {
  const double up = up_target_share(sample);
  const double up_weight = 0.5 / up, not_up_weight = 0.5 / (1 - up);
  for (std::size_t i = 0; i < sample.size(); ++i) {
    sample.weights[i] *= static_cast<float>(sample.targets[i] == Label::up ? up_weight : not_up_weight);
  }
  return undo_class_weights(up_weight, not_up_weight);
}

}  // namespace

int rounds_max(const Algorithm& algorithm, const TrainingSettings& settings) {
  int sum = settings.columns_max == 0 ? 0 : rounds_of(choice_algorithm());
  for (const EnsembleSettings::Member& member : members_of(algorithm).members) {
    sum += std::visit([](const auto& a) { return rounds_of(a); }, member.algorithm);
  }
  return sum;
}

Algorithm cheaper(Algorithm algorithm) {
  if (auto* ensemble = std::get_if<EnsembleSettings>(&algorithm)) {
    for (EnsembleSettings::Member& member : ensemble->members) {
      std::visit([](auto& a) { a = quarter(a); }, member.algorithm);
    }
  } else if (auto* forest = std::get_if<ForestSettings>(&algorithm)) {
    *forest = quarter(*forest);
  }
  return algorithm;
}

Result<Vote> fit_vote(const Algorithm& algorithm, const Sample& sample, const TrainingSettings& settings,
                      Reporter& reporter) {
  if (sample.learnable_rows() == 0 || !has_both_classes(sample)) return refuse("training: one class only");
  Sample learned = sample.learnable(reporter.stop());
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  if (Result<void> chosen = keep_best_columns(learned, settings, reporter); !chosen) {
    return std::unexpected(chosen.error());
  }
  Vote vote;
  vote.rows = learned.size();
  vote.up_share = up_share(sample);
  const double share = up_target_share(learned);
  if (std::min(share, 1 - share) < settings.minority_share_min) {
    vote.undo_weights = weigh_classes(learned);
    vote.weighed = true;
  }
  for (const EnsembleSettings::Member& member : members_of(algorithm).members) {
    Result<FittedPart> part =
        std::visit([&](const auto& a) { return fit(a, learned, settings, reporter); }, member.algorithm);
    if (!part) return std::unexpected(part.error());
    part->weight = member.weight;
    vote.parts.push_back(*std::move(part));
  }
  return vote;
}

Result<std::vector<double>> vote_on(const Vote& vote, const Sample& sample, Reporter& reporter) {
  constexpr std::size_t stop_stride = 64;  // rows of a large forest take tens of microseconds each
  std::vector<double> sums(sample.size(), 0.0);
  double weights = 0;
  for (const FittedPart& part : vote.parts) {
    const Result<std::string> bytes = part.booster.save();
    if (!bytes) return std::unexpected(bytes.error());
    const Result<Trees> trees = Trees::parse(*bytes, sample.columns);
    if (!trees) return std::unexpected(trees.error());
    until_stopped(0, sums.size(), stop_stride, reporter.stop(),
                  [&](std::size_t i) { sums[i] += part.weight * trees->probability(sample.row(i)); });
    if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
    weights += part.weight;
  }
  for (double& sum : sums) {
    sum = std::min(sum / weights, 1.0);
    if (vote.weighed) sum = calibrated(vote.undo_weights, sum);
  }
  return sums;
}

}  // namespace candled::model
