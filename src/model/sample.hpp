// Sample: labelled rows as the fits take them. Knows nothing of files or algorithms.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/stop.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/labels.hpp"
#include "candled/model/training_rows.hpp"

namespace candled::model {

// Oldest first. Row i of each vector belongs together.
struct Sample {
  std::size_t columns = 0;
  std::vector<float> values;  // row-major, as to_library_value gives them
  std::vector<Label> labels;  // what is measured: up or not_up one horizon ahead
  std::vector<Timestamp> open_times;
  std::vector<Label> targets;  // what is learned; none where the row is only measured on
  std::vector<float> weights;  // of the row in learning; 0 where the target is none
  std::size_t size() const { return labels.size(); }
  std::span<const float> row(std::size_t i) const { return std::span(values).subspan(i * columns, columns); }

  Sample slice(std::size_t begin, std::size_t end, const Stop& stop = {}) const;
  Sample at(std::span<const std::size_t> positions, const Stop& stop = {}) const;
  // How many rows have a target, and those rows.
  std::size_t learnable_rows() const;
  Sample learnable(const Stop& stop = {}) const;
};

// Share of up among the labels, and among the targets by weight (rows without a target weigh nothing).
double up_share(const Sample& sample);
double up_target_share(const Sample& sample);

// The usable rows of a training: labelled, with something known. `positions` are theirs in TrainingRows.
struct LabelledSample {
  Sample sample;
  std::vector<std::size_t> positions;
  std::vector<Label> directions;  // last_directions of the same rows
  std::size_t flat_rows = 0;
};
// Refuses rows and labels that cannot be (see train()).
Result<LabelledSample> labelled_sample(const TrainingRows& rows, Duration horizon, const LabelSettings& settings,
                                       const Stop& stop = {});

// Names of the columns that are NaN in every row.
std::vector<std::string> never_known(const Sample& sample, const std::vector<std::string>& names);

}  // namespace candled::model
