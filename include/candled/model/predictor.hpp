// Predictors: the domain's Predictor over trained trees, one model or a vote of several.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/predictor.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/calibration.hpp"

namespace candled::model {

struct PredictorIdentity {
  std::string name;  // YYYYMMDD_HHMMSS
  std::string feature_hash;
  std::size_t feature_count = 0;
  Duration horizon;
  Timestamp trained_to = {INT64_MAX};  // no training data is later
};

using candled::Contribution;
using candled::SignalThresholds;

// One model of a vote. bytes: XGBoost UBJSON from any source, not owned, for the duration of the call.
struct ModelPart {
  std::string_view bytes;
  double weight = 1;  // > 0; the vote is the weighted mean of the probabilities
};

// Computes on the calling thread alone, without XGBoost; infinities in a row are "missing". Contributions are exact Shapley
// values of the trees (TreeSHAP), before calibration; in a vote the weighted mean over its models.
using ModelPredictor = Predictor;

// Refuses anything but valid tree models for one probability, another number of features, no parts, weights that are not
// positive numbers.
Result<std::shared_ptr<const ModelPredictor>> make_predictor(PredictorIdentity identity,
                                                             std::span<const ModelPart> parts,
                                                             Calibration calibration = {},
                                                             SignalThresholds thresholds = {});

}  // namespace candled::model
