// Place: where a row stands in the order of its view; the cursors of the API are places as text.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/store/view_reader.hpp"

namespace candled::store {

// Rows are in descending order of these three numbers.
using Place = std::array<std::int64_t, 3>;
constexpr std::int64_t place_max = std::numeric_limits<std::int64_t>::max();
constexpr Place before_all{place_max, place_max, place_max};
// Empty text: before all. Refuses what place_text did not write.
Result<Place> parse_place(std::string_view text);
std::string place_text(const Place& place);

// What is left of a filter's stretch, in whole steps, after a place: the next row lies in [from, end).
struct Stretch {
  Stretch(const SeriesFilter& filter, const Place& after);
  std::int64_t from, end;
};
// The place that the filter goes on after; refuses limits and steps out of range.
Result<Place> place_of(const SeriesFilter& filter);

}  // namespace candled::store
