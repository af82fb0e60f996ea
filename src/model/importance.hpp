// Importance: which columns a model leans on.
#pragma once

#include <span>
#include <vector>

#include "candled/model/trainer.hpp"

namespace candled::model {

// The model's parts are there already. Contributions are taken of at most 256 of the rows at `positions`, evenly spread.
std::vector<FeatureImportance> importance_of(const TrainedModel& model, const TrainingRows& rows,
                                             std::span<const std::size_t> positions, const ModelPredictor& predictor,
                                             const Stop& stop = {});

}  // namespace candled::model
