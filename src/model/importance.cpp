#include "model/importance.hpp"

#include <algorithm>
#include <cmath>

#include "model/trees.hpp"

namespace candled::model {
namespace {

constexpr std::size_t explained_rows_max = 256;

}  // namespace

std::vector<FeatureImportance> importance_of(const TrainedModel& model, const TrainingRows& rows,
                                             std::span<const std::size_t> positions, const ModelPredictor& predictor,
                                             const Stop& stop) {
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
  for (std::size_t n = 0; n < explained && !asked_to(stop); ++n) {
    const std::size_t row = positions[n * positions.size() / explained];
    for (const Contribution& c : predictor.contributions(rows.row(row), all.size())) {
      all[c.feature].mean_contribution += std::abs(c.log_odds) / static_cast<double>(explained);
    }
  }
  std::ranges::stable_sort(all, std::greater{}, &FeatureImportance::mean_contribution);
  return all;
}

}  // namespace candled::model
