#include "candled/model/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace candled::model {
namespace {

// Keeps the order of the rows: a model that knows nothing ends near the base rate and not on it.
constexpr double slope_min = 0.01;
constexpr double slope_max = 20;
constexpr int newton_steps_max = 100;

double log_odds(double probability) {
  const double p = std::clamp(probability, 1e-12, 1.0 - 1e-12);
  return std::log(p) - std::log1p(-p);
}
double probability_of(double odds) { return 1.0 / (1.0 + std::exp(-odds)); }

// Logistic regression with one input by Newton's method. Platt's targets stand a little inside 0 and 1.
PlattMap fit_platt(std::span<const double> probabilities, std::span<const Label> labels, const Stop& stop) {
  const auto up = static_cast<double>(std::ranges::count(labels, Label::up));
  const double not_up = static_cast<double>(labels.size()) - up;
  const double up_target = (up + 1) / (up + 2), not_up_target = 1 / (not_up + 2);
  PlattMap map;
  for (int step = 0; step < newton_steps_max && !asked_to(stop); ++step) {
    double slope_slope = 1e-9, slope_offset = 0, offset_offset = 1e-9, slope_gradient = 0, offset_gradient = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double x = log_odds(probabilities[i]);
      const double p = probability_of(map.slope * x + map.offset);
      const double error = p - (labels[i] == Label::up ? up_target : not_up_target), curvature = p * (1 - p);
      slope_gradient += error * x;
      offset_gradient += error;
      slope_slope += curvature * x * x;
      slope_offset += curvature * x;
      offset_offset += curvature;
    }
    const double determinant = slope_slope * offset_offset - slope_offset * slope_offset;
    if (!(determinant > 0)) break;
    const double slope_step = (offset_offset * slope_gradient - slope_offset * offset_gradient) / determinant;
    const double offset_step = (slope_slope * offset_gradient - slope_offset * slope_gradient) / determinant;
    const double slope = std::clamp(map.slope - slope_step, slope_min, slope_max);
    // On the edge the offset has an optimum of its own, which the next steps find with the slope held.
    const double offset = slope == map.slope ? map.offset - offset_gradient / offset_offset : map.offset - offset_step;
    const bool settled = std::abs(slope - map.slope) < 1e-10 && std::abs(offset - map.offset) < 1e-10;
    map = {slope, std::clamp(offset, -20.0, 20.0)};
    if (settled) break;
  }
  return map;
}

struct Pool {
  double from_sum = 0, up = 0, rows = 0;
  double mean() const { return up / rows; }
};

IsotonicMap fit_isotonic(std::span<const double> probabilities, std::span<const Label> labels) {
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return probabilities[i]; });
  std::vector<Pool> pools;
  for (std::size_t begin = 0; begin < order.size();) {
    Pool pool;  // rows of equal probability belong together before anything is compared
    std::size_t end = begin;
    for (; end < order.size() && probabilities[order[end]] == probabilities[order[begin]]; ++end) {
      pool.from_sum += probabilities[order[end]];
      pool.up += labels[order[end]] == Label::up ? 1 : 0;
      pool.rows += 1;
    }
    pools.push_back(pool);
    while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back().from_sum += last.from_sum;
      pools.back().up += last.up;
      pools.back().rows += last.rows;
    }
    begin = end;
  }
  // Rows that were all up in the sample are not sure to be: one more row of each kind is assumed at the ends.
  const double rows = static_cast<double>(labels.size());
  IsotonicMap map;
  const std::size_t stride = (pools.size() + IsotonicMap::knots_max - 1) / IsotonicMap::knots_max;
  for (std::size_t i = 0; i < pools.size(); i += stride) {
    map.from.push_back(pools[i].from_sum / pools[i].rows);
    map.to.push_back(std::clamp(pools[i].mean(), 1 / (rows + 2), (rows + 1) / (rows + 2)));
  }
  return map;
}

double on_line(const IsotonicMap& map, double probability) {
  const auto next = std::ranges::lower_bound(map.from, probability);
  const auto i = static_cast<std::size_t>(next - map.from.begin());
  if (i == 0) return map.to.front();
  if (i == map.from.size()) return map.to.back();
  const double share = (probability - map.from[i - 1]) / (map.from[i] - map.from[i - 1]);
  return map.to[i - 1] + share * (map.to[i] - map.to[i - 1]);
}

}  // namespace

Result<CalibrationKind> calibration_named(std::string_view name) {
  for (const CalibrationKind kind : {CalibrationKind::none, CalibrationKind::platt, CalibrationKind::isotonic}) {
    if (name == name_of(kind)) return kind;
  }
  return refuse(fmt::format("unknown calibration '{}' (none, platt or isotonic)", name.substr(0, 64)));
}

std::string_view name_of(CalibrationKind kind) {
  if (kind == CalibrationKind::platt) return "platt";
  return kind == CalibrationKind::isotonic ? "isotonic" : "none";
}

CalibrationKind kind_of(const Calibration& calibration) {
  if (std::holds_alternative<PlattMap>(calibration)) return CalibrationKind::platt;
  return std::holds_alternative<IsotonicMap>(calibration) ? CalibrationKind::isotonic : CalibrationKind::none;
}

double calibrated(const Calibration& calibration, double probability) {
  if (const auto* platt = std::get_if<PlattMap>(&calibration)) {
    return probability_of(platt->slope * log_odds(probability) + platt->offset);
  }
  if (const auto* isotonic = std::get_if<IsotonicMap>(&calibration)) return on_line(*isotonic, probability);
  return probability;
}

Calibration fit_calibration(CalibrationKind kind, std::span<const double> probabilities, std::span<const Label> labels,
                            const Stop& stop) {
  if (probabilities.size() != labels.size()) invariant_failed("calibration rows are ragged");
  const auto up = static_cast<std::size_t>(std::ranges::count(labels, Label::up));
  if (kind == CalibrationKind::none || up == 0 || up == labels.size()) return {};
  if (kind == CalibrationKind::platt) return fit_platt(probabilities, labels, stop);
  return fit_isotonic(probabilities, labels);
}

PlattMap undo_class_weights(double up_weight, double not_up_weight) {
  return {1.0, std::log(not_up_weight / up_weight)};
}

}  // namespace candled::model
