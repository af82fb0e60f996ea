// Predictor: a trained model that turns one feature row into a probability.
#pragma once

#include <span>
#include <string>

#include "candled/domain/time.hpp"

namespace candled {

class Predictor {
 public:
  virtual ~Predictor() = default;

  virtual const std::string& name() const = 0;          // YYYYMMDD_HHMMSS
  virtual const std::string& feature_hash() const = 0;  // rows with another hash must not be offered
  virtual Duration horizon() const = 0;
  // The probability, 0 to 1, that the close is higher one horizon ahead. NaN in the row is "missing".
  // Not thread-safe: one thread at a time, any thread.
  virtual double predict(std::span<const double> row) const = 0;
};

}  // namespace candled
