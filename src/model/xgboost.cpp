#include "model/xgboost.hpp"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <cstdint>
#include <limits>

namespace candled::model {
namespace {

// First line of the library's message without its clock and source position ("[07:00:01] ./src/learner.cc:82: ").
std::unexpected<Error> library_error(std::string_view what) {
  std::string_view message = XGBGetLastError();
  message = message.substr(0, message.find('\n'));
  if (const std::size_t clock_end = message.find("] ");
      message.starts_with('[') && clock_end != std::string_view::npos) {
    if (const std::size_t end = message.find(": ", clock_end); end != std::string_view::npos)
      message.remove_prefix(end + 2);
  }
  while (message.ends_with(' ') || message.ends_with(':')) message.remove_suffix(1);
  return refuse(fmt::format("{}: {}", what, message.empty() ? "xgboost gives no reason" : message));
}

// The library keeps its verbosity per thread; without this it warns on the console.
void silence() { XGBSetGlobalConfig(R"({"verbosity": 0})"); }

std::string array_interface(const float* values, std::size_t rows, std::size_t columns) {
  return fmt::format(R"({{"data": [{}, true], "shape": [{}, {}], "typestr": "<f4", "version": 3}})",
                     reinterpret_cast<std::uintptr_t>(values), rows, columns);
}

constexpr const char* predict_matrix_config =
    R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})";

}  // namespace

float to_library_value(double value) {
  const auto narrow = static_cast<float>(value);
  return std::isfinite(narrow) ? narrow : std::numeric_limits<float>::quiet_NaN();
}

std::string library_version() {
  int major = 0, minor = 0, patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("xgboost {}.{}.{}", major, minor, patch);
}

Result<Matrix> Matrix::create(std::span<const float> values, std::size_t columns, std::span<const float> labels,
                              std::span<const float> weights, int threads) {
  silence();
  const std::string interface = array_interface(values.data(), labels.size(), columns);
  const std::string config = fmt::format(R"({{"missing": NaN, "nthread": {}}})", threads);
  DMatrixHandle raw = nullptr;
  if (XGDMatrixCreateFromDense(interface.c_str(), config.c_str(), &raw) != 0) return library_error("training rows");
  Matrix matrix{Handle(raw, XGDMatrixFree)};
  if (XGDMatrixSetFloatInfo(raw, "label", labels.data(), labels.size()) != 0) return library_error("training labels");
  if (XGDMatrixSetFloatInfo(raw, "weight", weights.data(), weights.size()) != 0)
    return library_error("training weights");
  return matrix;
}

Result<Booster> Booster::create(const Parameters& parameters, std::span<const Matrix* const> matrices) {
  silence();
  std::vector<DMatrixHandle> handles;
  for (const Matrix* matrix : matrices) handles.push_back(matrix->handle());
  BoosterHandle raw = nullptr;
  if (XGBoosterCreate(handles.data(), handles.size(), &raw) != 0) return library_error("model");
  Booster booster{Handle(raw, XGBoosterFree)};
  for (const auto& [name, value] : parameters) {
    if (XGBoosterSetParam(raw, name.c_str(), value.c_str()) != 0) return library_error("parameter " + name);
  }
  return booster;
}

Result<void> Booster::update(int round, const Matrix& matrix) {
  if (XGBoosterUpdateOneIter(handle(), round, matrix.handle()) != 0) return library_error("training");
  return {};
}

Result<void> Booster::boost(const Matrix& matrix, std::vector<float>& gradients, std::vector<float>& hessians) {
  if (gradients.size() != hessians.size()) invariant_failed("gradients are ragged");
  if (XGBoosterBoostOneIter(handle(), matrix.handle(), gradients.data(), hessians.data(), gradients.size()) != 0) {
    return library_error("training");
  }
  return {};
}

Result<std::vector<double>> Booster::predict(const Matrix& matrix) const {
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  if (XGBoosterPredictFromDMatrix(handle(), matrix.handle(), predict_matrix_config, &shape, &dimensions, &values) !=
      0) {
    return library_error("prediction");
  }
  bst_ulong count = 1;
  for (bst_ulong d = 0; d < dimensions; ++d) count *= shape[d];
  return std::vector<double>(values, values + count);
}

Result<std::string> Booster::save() const {
  bst_ulong size = 0;
  const char* bytes = nullptr;
  if (XGBoosterSaveModelToBuffer(handle(), R"({"format": "ubj"})", &size, &bytes) != 0) return library_error("saving");
  return std::string(bytes, size);
}

}  // namespace candled::model
