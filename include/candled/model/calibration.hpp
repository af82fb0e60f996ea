// Calibration: makes "60 %" happen 60 times in 100. A map from the model's probability to a better one that never reverses
// the order of two rows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/stop.hpp"
#include "candled/model/labels.hpp"

namespace candled::model {

enum class CalibrationKind : std::uint8_t { none, platt, isotonic };
Result<CalibrationKind> calibration_named(std::string_view name);  // "none", "platt", "isotonic"
std::string_view name_of(CalibrationKind kind);

// J. Platt 1999: log-odds become slope * log-odds + offset; slope > 0. Two numbers: hard to overfit.
struct PlattMap {
  double slope = 1, offset = 0;
  friend bool operator==(const PlattMap&, const PlattMap&) = default;
};
// B. Zadrozny, C. Elkan 2002: pool adjacent violators; between two knots the line, beyond the ends the end value. Both
// ascend, `to` within (0, 1), at most knots_max. Needs some thousand rows.
struct IsotonicMap {
  static constexpr std::size_t knots_max = 1000;
  std::vector<double> from, to;
  friend bool operator==(const IsotonicMap&, const IsotonicMap&) = default;
};
using Calibration = std::variant<std::monostate, PlattMap, IsotonicMap>;

double calibrated(const Calibration& calibration, double probability);

// probabilities: of rows that the model was not trained on; labels up or not_up. Same length, at least
// one row of each class, or the answer is no calibration.
Calibration fit_calibration(CalibrationKind kind, std::span<const double> probabilities, std::span<const Label> labels,
                            const Stop& stop = {});

// Undoes class weights: a model that was trained with them has odds that are too high by up_weight /
// not_up_weight.
PlattMap undo_class_weights(double up_weight, double not_up_weight);

CalibrationKind kind_of(const Calibration& calibration);

}  // namespace candled::model
