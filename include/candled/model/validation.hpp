// Validation split: train on the past, measure on what came after, without overlap between the two.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::model {

// Rows [0, training_end) are for training, rows [holdout_begin, n) for measuring; the rows between are purged.
struct Split {
  std::size_t training_end = 0;
  std::size_t holdout_begin = 0;
};

// How many of the rows before `test_begin` may be used in training: those whose label was settled, by the clock, at
// least `embargo` before the first tested candle opened. A label looks one horizon ahead, so a row nearer
// than that shares prices with the tested rows (purge; M. Lopez de Prado, Advances in Financial Machine Learning,
// chapter 7). open_times are those of the labelled rows, ascending. Every walk-forward fold is made of this and a
// test_begin.
std::size_t purged_end(std::span<const Timestamp> open_times, std::size_t test_begin, Duration horizon,
                       Duration embargo);

// The newest `share` (0 to 1, rounded up to whole rows) is the hold-out. There is no shuffled variant.
Split chronological_split(std::span<const Timestamp> open_times, double share, Duration horizon, Duration embargo);

// Rows [0, training_end) are for training, rows [test_begin, test_end) for measuring.
struct Fold {
  std::size_t training_end = 0;
  std::size_t test_begin = 0, test_end = 0;
};

// Walk-forward: the rows are cut into count + 1 parts of equal size; each part but the first is tested by a model of
// what was known before it. Every fold is purged as above. count >= 1.
std::vector<Fold> walk_forward(std::span<const Timestamp> open_times, std::size_t count, Duration horizon,
                               Duration embargo);

// Combinatorial purged cross-validation (the same book, chapter 12): the rows are cut into `groups` of equal size, and
// every choice of `test_groups` of them is tested by a model of the rest. Each group is tested equally often, so the results
// combine into paths: whole histories, each predicted out of sample. One path has no distribution; these do.
struct CombinatorialSettings {
  std::size_t groups = 6, test_groups = 2;
};
struct CombinatorialSplit {
  std::vector<std::size_t> test_groups;         // ascending
  std::vector<std::size_t> training_positions;  // purged on both sides of every tested group
};
struct CombinatorialPlan {
  std::vector<std::size_t> group_begins;  // groups + 1 of them
  std::vector<CombinatorialSplit> splits;
  std::size_t paths = 0;
};
// Refuses fewer than 2 groups, test_groups outside 1 to groups - 1, more than 1,000 splits, fewer rows than groups.
Result<CombinatorialPlan> combinatorial_plan(std::span<const Timestamp> open_times,
                                             const CombinatorialSettings& settings, Duration horizon, Duration embargo);

}  // namespace candled::model
