// Validation split: learn from the past, measure on what came after, with nothing of one reaching into the other.
#pragma once

#include <cstddef>
#include <span>

#include "candled/domain/time.hpp"

namespace candled::model {

// Rows [0, training_end) learn, rows [holdout_begin, n) measure; the rows between are purged.
struct Split {
  std::size_t training_end = 0;
  std::size_t holdout_begin = 0;
};

// How many of the rows in front of `test_begin` may be learned from: those whose label was settled, by the clock, at
// least `embargo` before the first candle that is tested on opened. A label looks one horizon ahead, so a row nearer
// than that shares prices with the tested rows (purge; M. Lopez de Prado, Advances in Financial Machine Learning,
// chapter 7). open_times are those of the labelled rows, ascending. Every walk-forward fold is made of this and a
// test_begin.
std::size_t purged_end(std::span<const Timestamp> open_times, std::size_t test_begin, Duration horizon,
                       Duration embargo);

// The newest `share` (0 to 1, rounded up to whole rows) is the hold-out. There is no shuffled variant.
Split chronological_split(std::span<const Timestamp> open_times, double share, Duration horizon, Duration embargo);

}  // namespace candled::model
