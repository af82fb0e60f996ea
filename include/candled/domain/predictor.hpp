// Predictor: a trained model that turns one feature row into a probability.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/prediction.hpp"
#include "candled/domain/time.hpp"

namespace candled {

class Predictor {
 public:
  virtual ~Predictor() = default;

  virtual const std::string& name() const = 0;          // YYYYMMDD_HHMMSS
  virtual const std::string& feature_hash() const = 0;  // rows with another hash must not be offered
  virtual Duration horizon() const = 0;
  virtual Timestamp trained_to() const { return {INT64_MAX}; }  // no training data is later
  virtual SignalThresholds signal_thresholds() const { return {}; }

  // The probability, 0 to 1, that the close is higher one horizon ahead. NaN in the row is "missing".
  // Not thread-safe: one thread at a time, any thread.
  virtual double predict(std::span<const double> row) const = 0;

  // The `count` features that moved the prediction of this row most, largest first (by size, the earlier feature where two are
  // equal); a feature without effect is left out; empty where the predictor cannot say. Any thread, also while
  // another one predicts.
  virtual std::vector<Contribution> contributions(std::span<const double> /*row*/, std::size_t /*count*/) const {
    return {};
  }
};

}  // namespace candled
