#include "model/sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/xgboost.hpp"

namespace candled::model {
namespace {

// Rows of some dozens of columns take microseconds each: the stop is asked every half millisecond or so.
constexpr std::size_t stop_stride = 256;

bool has_known_value(std::span<const double> row) {
  return std::ranges::any_of(row, [](double value) { return !std::isnan(to_library_value(value)); });
}

Result<std::vector<std::size_t>> usable_rows(const TrainingRows& rows, std::span<const Label> labels,
                                             const Stop& stop) {
  std::vector<std::size_t> usable;
  std::size_t labelled = 0;
  const bool all_seen = until_stopped(0, rows.size(), stop_stride, stop, [&](std::size_t i) {
    if (labels[i] == Label::none) return;
    ++labelled;
    if (has_known_value(rows.row(i))) usable.push_back(i);
  });
  if (!all_seen) return usable;
  if (labelled == 0) {
    return refuse(fmt::format("training: none of {} candles has a label (the price one horizon later is not known)",
                              rows.size()));
  }
  if (usable.empty()) {
    return refuse(fmt::format("training: all features of all {} labelled rows are unknown", labelled));
  }
  return usable;
}

// Row i of the copy is row of(i) of the sample.
template <class Of>
Sample copied(const Sample& from, std::size_t rows, Of of, const Stop& stop) {
  Sample out;
  out.columns = from.columns;
  out.values.reserve(rows * from.columns);
  out.labels.reserve(rows);
  out.open_times.reserve(rows);
  out.targets.reserve(rows);
  out.weights.reserve(rows);
  until_stopped(0, rows, stop_stride, stop, [&](std::size_t n) {
    const std::size_t i = of(n);
    const std::span<const float> values = from.row(i);
    out.values.insert(out.values.end(), values.begin(), values.end());
    out.labels.push_back(from.labels[i]);
    out.open_times.push_back(from.open_times[i]);
    out.targets.push_back(from.targets[i]);
    out.weights.push_back(from.weights[i]);
  });
  return out;
}

}  // namespace

Sample Sample::slice(std::size_t begin, std::size_t end, const Stop& stop) const {
  return copied(*this, end - begin, [begin](std::size_t i) { return begin + i; }, stop);
}

Sample Sample::at(std::span<const std::size_t> positions, const Stop& stop) const {
  return copied(*this, positions.size(), [positions](std::size_t i) { return positions[i]; }, stop);
}

std::size_t Sample::learnable_rows() const {
  return size() - static_cast<std::size_t>(std::ranges::count(targets, Label::none));
}

Sample Sample::learnable(const Stop& stop) const {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < size(); ++i) {
    if (targets[i] != Label::none) positions.push_back(i);
  }
  return at(positions, stop);
}

double up_share(const Sample& sample) {
  return static_cast<double>(std::ranges::count(sample.labels, Label::up)) / static_cast<double>(sample.size());
}

double up_target_share(const Sample& sample) {
  double up = 0, all = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const auto weight = static_cast<double>(sample.weights[i]);
    all += weight;
    if (sample.targets[i] == Label::up) up += weight;
  }
  return up / all;
}

Result<LabelledSample> labelled_sample(const TrainingRows& rows, Duration horizon, const LabelSettings& settings,
                                       const Stop& stop) {
  const Result<std::vector<Label>> labels = up_labels(rows.candles(), horizon);
  if (!labels) return refuse("training: " + labels.error().message);
  const Result<std::vector<LearningLabel>> targets = learning_labels(rows.candles(), horizon, settings, stop);
  if (!targets) return refuse("training: " + targets.error().message);
  Result<std::vector<std::size_t>> usable = usable_rows(rows, *labels, stop);
  if (!usable) return std::unexpected(usable.error());
  const std::vector<Label> directions = last_directions(rows.candles(), *labels, horizon);
  const std::vector<double> weights =
      settings.uniqueness_weights ? uniqueness_weights(*targets) : std::vector<double>(rows.size(), 1.0);

  LabelledSample out;
  out.positions = *std::move(usable);
  Sample& sample = out.sample;
  sample.columns = rows.feature_names.size();
  sample.values.reserve(out.positions.size() * sample.columns);
  until_stopped(0, out.positions.size(), stop_stride, stop, [&](std::size_t n) {
    const std::size_t i = out.positions[n];
    for (const double value : rows.row(i)) sample.values.push_back(to_library_value(value));
    const LearningLabel& target = (*targets)[i];
    sample.labels.push_back((*labels)[i]);
    sample.open_times.push_back(rows.open_times[i]);
    sample.targets.push_back(target.label);
    sample.weights.push_back(target.label == Label::none ? 0.0F : static_cast<float>(weights[i]));
    out.directions.push_back(directions[i]);
    out.flat_rows += target.flat ? 1 : 0;
  });
  return out;
}

std::vector<std::string> never_known(const Sample& sample, const std::vector<std::string>& names) {
  std::vector<std::string> unknown;
  for (std::size_t column = 0; column < names.size(); ++column) {
    bool known = false;
    for (std::size_t i = 0; i < sample.size() && !known; ++i) known = !std::isnan(sample.row(i)[column]);
    if (!known) unknown.push_back(names[column]);
  }
  return unknown;
}

}  // namespace candled::model
