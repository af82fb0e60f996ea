#include "candled/features/leak_check.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

namespace candled::features {
namespace {

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// SplitMix64: small, and the same everywhere.
std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

double cell(std::span<const double> row, std::size_t column) {
  return column < row.size() ? row[column] : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::vector<std::size_t> choose_cuts(std::size_t count, std::size_t wanted, std::uint64_t seed) {
  std::vector<std::size_t> cuts;
  if (wanted >= count) {
    for (std::size_t i = 0; i < count; ++i) cuts.push_back(i);
    return cuts;
  }
  // Floyd's sample: each set of places is as likely as any other.
  std::set<std::size_t> chosen;
  for (std::size_t i = count - wanted; i < count; ++i) {
    const auto place = static_cast<std::size_t>(next_random(seed) % (i + 1));
    if (!chosen.insert(place).second) chosen.insert(i);
  }
  cuts.assign(chosen.begin(), chosen.end());
  return cuts;
}

std::optional<std::size_t> first_difference(std::span<const double> a, std::span<const double> b) {
  const std::size_t both = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (!same(a[i], b[i])) return i;
  }
  return a.size() == b.size() ? std::nullopt : std::optional(both);
}

std::optional<Leak> find_leak(const MakeRows& make_rows, std::span<const Candle> history,
                              std::span<const std::size_t> cuts) {
  const std::vector<std::vector<double>> whole = make_rows(history);
  for (const std::size_t cut : cuts) {
    const std::vector<double> made = make_rows(history.first(cut + 1)).back();
    const std::optional<std::size_t> column = first_difference(whole[cut], made);
    if (column) return Leak{cut, *column, cell(whole[cut], *column), cell(made, *column)};
  }
  return std::nullopt;
}

}  // namespace candled::features
