// Predictors: the domain's Predictor over an XGBoost model.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "candled/domain/predictor.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::model {

struct PredictorIdentity {
  std::string name;  // YYYYMMDD_HHMMSS
  std::string feature_hash;
  std::size_t feature_count = 0;
  Duration horizon;
};

// bytes: XGBoost UBJSON, from anywhere. Refuses all but sound tree models for one probability (the structure is checked
// before XGBoost sees a byte), another number of features, and a model whose answer to a probe row is not a
// probability. The predictor computes on the calling thread alone; infinities in a row are "missing".
Result<std::shared_ptr<const Predictor>> make_predictor(PredictorIdentity identity, std::string_view bytes);

}  // namespace candled::model
