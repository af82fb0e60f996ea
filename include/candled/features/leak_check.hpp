// Leak check of features: does a row look ahead? Cut the history after a candle, compute the row of that candle from what is left, and
// compare it with the row computed from the whole history: bits that differ came from the future.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "candled/domain/candle.hpp"

namespace candled::features {

// Different places among 0 to count - 1, ascending; all of them if there are no more. The same seed, the same places.
std::vector<std::size_t> choose_cuts(std::size_t count, std::size_t wanted, std::uint64_t seed);

// The first column in which two rows are not the same bits (any NaN equals any other); rows of different lengths differ in
// the first column that only one of them has.
std::optional<std::size_t> first_difference(std::span<const double> a, std::span<const double> b);

// Computes the rows of a history, one per candle. It cannot read beyond the span.
using MakeRows = std::function<std::vector<std::vector<double>>(std::span<const Candle> history)>;

struct Leak {
  std::size_t candle = 0, column = 0;
  double with_future = 0, without = 0;
};

// Computes the rows of the whole history once and of every cut history again; returns the first row that depends on what was cut off.
std::optional<Leak> find_leak(const MakeRows& make_rows, std::span<const Candle> history,
                              std::span<const std::size_t> cuts);

}  // namespace candled::features
