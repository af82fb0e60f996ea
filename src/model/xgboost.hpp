// XGBoost's C interface as values: owned handles, errors as Result. The only door to the library.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::model {

// Name and value, as XGBoosterSetParam takes them.
using Parameters = std::vector<std::pair<std::string, std::string>>;

// What the library computes with. Infinities (and doubles beyond float) become NaN, which means missing: the library
// refuses them in training and sends them down an arbitrary branch in prediction.
float to_library_value(double value);

std::string library_version();  // "xgboost 1.7.4"

using Handle = std::unique_ptr<void, int (*)(void*)>;

// Row-major values with one label (0 or 1) and one weight per row, copied into the library.
class Matrix {
 public:
  static Result<Matrix> create(std::span<const float> values, std::size_t columns, std::span<const float> labels,
                               std::span<const float> weights, int threads);
  void* handle() const { return handle_.get(); }

 private:
  explicit Matrix(Handle handle) : handle_(std::move(handle)) {}
  Handle handle_;
};

class Booster {
 public:
  // The matrices are those it will be trained on or asked about: it keeps its sums for them. They may go before it
  // does.
  static Result<Booster> create(const Parameters& parameters, std::span<const Matrix* const> matrices);

  Result<void> update(int round, const Matrix& matrix);
  // The same with gradients of the caller's instead of the objective's; one of each per row.
  Result<void> boost(const Matrix& matrix, std::vector<float>& gradients, std::vector<float>& hessians);
  Result<std::vector<double>> predict(const Matrix& matrix) const;
  Result<std::string> save() const;
  void* handle() const { return handle_.get(); }

 private:
  explicit Booster(Handle handle) : handle_(std::move(handle)) {}
  Handle handle_;
};

}  // namespace candled::model
