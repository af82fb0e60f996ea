#include "model/importance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "model/trees.hpp"

namespace candled::model {
namespace {

constexpr std::size_t explained_rows_max = 256;
constexpr int choice_rounds = 40;

GbdtSettings choice_algorithm() {
  GbdtSettings small;
  small.rounds = choice_rounds;
  small.depth = 3;
  small.stopping_rows_min = SIZE_MAX;  // no early stopping: a ranking wants no best length
  return small;
}

}  // namespace

std::vector<FeatureImportance> importance_of(const TrainedModel& model, const TrainingRows& rows,
                                             std::span<const std::size_t> positions, const ModelPredictor& predictor) {
  std::vector<FeatureImportance> all;
  for (const std::string& name : model.feature_names) all.push_back({name, 0, 0, 0});
  double weights = 0;
  for (const TrainedPart& part : model.parts) weights += part.weight;
  for (const TrainedPart& part : model.parts) {
    const Result<Trees> trees = Trees::parse(part.bytes, all.size());
    if (!trees) invariant_failed("a model that has been made is not sound");
    const std::vector<ColumnImportance> columns = trees->importance();
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].gain += part.weight / weights * columns[i].gain;
      all[i].cover += part.weight / weights * columns[i].cover;
    }
  }
  const std::size_t explained = std::min(positions.size(), explained_rows_max);
  for (std::size_t n = 0; n < explained; ++n) {
    const std::size_t row = positions[n * positions.size() / explained];
    for (const Contribution& c : predictor.contributions(rows.row(row), all.size())) {
      all[c.feature].mean_contribution += std::abs(c.log_odds) / static_cast<double>(explained);
    }
  }
  std::ranges::stable_sort(all, std::greater{}, &FeatureImportance::mean_contribution);
  return all;
}

Result<void> keep_best_columns(Sample& training, const TrainingSettings& settings, Reporter& reporter) {
  if (settings.columns_max == 0 || settings.columns_max >= training.columns) return {};
  const Result<Vote> vote = fit_vote(choice_algorithm(), training, settings, reporter);
  if (!vote) return std::unexpected(vote.error());
  const Result<std::string> bytes = vote->parts.front().booster.save();
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

int column_choice_rounds(const TrainingSettings& settings) {
  return settings.columns_max == 0 ? 0 : rounds_max(choice_algorithm());
}

}  // namespace candled::model
