// Importance: which columns a model leans on, and a first fit that chooses columns.
#pragma once

#include <span>
#include <vector>

#include "candled/model/trainer.hpp"
#include "model/fit.hpp"
#include "model/sample.hpp"

namespace candled::model {

// The model's parts are there already. Contributions are taken of at most 256 of the rows at `positions`, evenly spread.
std::vector<FeatureImportance> importance_of(const TrainedModel& model, const TrainingRows& rows,
                                             std::span<const std::size_t> positions, const ModelPredictor& predictor);

// settings.columns_max columns with the largest gain in a small fit stay, the others become NaN, which nothing is
// learned from. Does nothing where it is 0.
Result<void> keep_best_columns(Sample& training, const TrainingSettings& settings, Reporter& reporter);
int column_choice_rounds(const TrainingSettings& settings);

}  // namespace candled::model
