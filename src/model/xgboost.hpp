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
#include "candled/domain/stop.hpp"

namespace candled::model {

// Name and value, as XGBoosterSetParam takes them.
using Parameters = std::vector<std::pair<std::string, std::string>>;

// What the library computes with. Infinities (and doubles beyond float) become NaN, which means missing: the library
// refuses them in training and sends them down an arbitrary branch in prediction.
float to_library_value(double value);

std::string library_version();  // "xgboost 1.7.4"

using Handle = std::unique_ptr<void, int (*)(void*)>;

// Row-major values with one label (0 or 1) and one weight per row.
struct MatrixRows {
  std::span<const float> values;
  std::size_t columns = 0;
  std::span<const float> labels, weights;
};

// Rows copied into the library.
class Matrix {
 public:
  // For a booster's update and boost: the values are put into the library's bins as they come, a few thousand rows at a
  // time, and the stop is asked between; the trees are those of a matrix that holds the values themselves (a test compares
  // the bytes), for a fraction of its memory. What a stopped one returns is of no use.
  static Result<Matrix> to_learn_from(const MatrixRows& rows, int threads, const Stop& stop);
  // For a booster's predict.
  static Result<Matrix> to_ask_about(const MatrixRows& rows, int threads);
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
