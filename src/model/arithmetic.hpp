// Small arithmetic that several files of this room need, the same with every standard library.
#pragma once

#include <cstddef>
#include <numeric>
#include <random>
#include <span>

namespace candled::model {

// NaN of nothing.
inline double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// One draw each; the distributions of the standard differ between libraries.
inline double uniform_draw(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1.0p-53; }
inline std::size_t draw_below(std::mt19937_64& random, std::size_t limit) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(random()) * limit) >> 64);
}

}  // namespace candled::model
