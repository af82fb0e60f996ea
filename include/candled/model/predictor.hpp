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
};

// A probability above `buy_above` suggests to buy, one below `sell_below` to sell, and between them to hold.
struct SignalThresholds {
  double buy_above = 0.5, sell_below = 0.5;
  friend bool operator==(const SignalThresholds&, const SignalThresholds&) = default;
};

// One model of a vote. bytes: XGBoost UBJSON, from anywhere, lent for the call.
struct ModelPart {
  std::string_view bytes;
  double weight = 1;  // > 0; the vote is the weighted mean of the probabilities
};

// What a column adds to the log-odds of one prediction, against the mean over the training rows.
struct Contribution {
  std::size_t feature = 0;  // position in the feature list
  double log_odds = 0;
};

// Computes on the calling thread alone, without XGBoost; infinities in a row are "missing". One caller at a time.
class ModelPredictor : public Predictor {
 public:
  virtual SignalThresholds signal_thresholds() const = 0;
  // The `count` features that moved this prediction most, largest first (by size, the earlier feature where two are
  // equal); a feature that did nothing is left out. Exact Shapley values of the trees (TreeSHAP), before calibration; in
  // a vote the weighted mean over its models.
  virtual std::vector<Contribution> contributions(std::span<const double> row, std::size_t count) const = 0;
};

// Refuses all but sound tree models for one probability, another number of features, no parts, weights that are not
// positive numbers.
Result<std::shared_ptr<const ModelPredictor>> make_predictor(PredictorIdentity identity,
                                                             std::span<const ModelPart> parts,
                                                             Calibration calibration = {},
                                                             SignalThresholds thresholds = {});

}  // namespace candled::model
