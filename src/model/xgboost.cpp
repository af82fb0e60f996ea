#include "model/xgboost.hpp"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <algorithm>
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

constexpr int bins_max = 256;  // the library's default, for matrices and boosters alike

bool set_labels(DMatrixHandle matrix, std::span<const float> labels, std::span<const float> weights) {
  return XGDMatrixSetFloatInfo(matrix, "label", labels.data(), labels.size()) == 0 &&
         XGDMatrixSetFloatInfo(matrix, "weight", weights.data(), weights.size()) == 0;
}

// Hands rows to the library some at a time, as often as it begins again.
struct Batches {
  static constexpr std::size_t rows_of_one = 2048;
  const MatrixRows& rows;
  DMatrixHandle proxy;
  const Stop& stop;
  std::size_t at = 0;

  static void rewind(DataIterHandle self) { static_cast<Batches*>(self)->at = 0; }
  // 0: no more. After a stop too: what the library makes of too few rows is thrown away.
  static int next(DataIterHandle self) { return static_cast<Batches*>(self)->hand_over(); }

  int hand_over() {
    const std::size_t count = std::min(rows_of_one, rows.labels.size() - at);
    if (count == 0 || asked_to(stop)) return 0;
    const std::string interface = array_interface(rows.values.data() + at * rows.columns, count, rows.columns);
    const bool taken = XGProxyDMatrixSetDataDense(proxy, interface.c_str()) == 0 &&
                       set_labels(proxy, rows.labels.subspan(at, count), rows.weights.subspan(at, count));
    if (!taken) return 0;
    at += count;
    return 1;
  }
};

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

Result<Matrix> Matrix::to_learn_from(const MatrixRows& rows, int threads, const Stop& stop) {
  silence();
  DMatrixHandle proxy = nullptr;
  if (XGProxyDMatrixCreate(&proxy) != 0) return library_error("training rows");
  const Handle owned_proxy(proxy, XGDMatrixFree);
  Batches batches{rows, proxy, stop};
  const std::string config = fmt::format(R"({{"missing": NaN, "nthread": {}, "max_bin": {}}})", threads, bins_max);
  DMatrixHandle raw = nullptr;
  if (XGQuantileDMatrixCreateFromCallback(&batches, proxy, nullptr, Batches::rewind, Batches::next, config.c_str(),
                                          &raw) != 0) {
    return library_error("training rows");
  }
  return Matrix{Handle(raw, XGDMatrixFree)};
}

Result<Matrix> Matrix::to_ask_about(const MatrixRows& rows, int threads) {
  silence();
  const std::string interface = array_interface(rows.values.data(), rows.labels.size(), rows.columns);
  const std::string config = fmt::format(R"({{"missing": NaN, "nthread": {}}})", threads);
  DMatrixHandle raw = nullptr;
  if (XGDMatrixCreateFromDense(interface.c_str(), config.c_str(), &raw) != 0) return library_error("rows");
  Matrix matrix{Handle(raw, XGDMatrixFree)};
  if (!set_labels(raw, rows.labels, rows.weights)) return library_error("labels and weights");
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
