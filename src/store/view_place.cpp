#include "store/view_place.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace candled::store {
namespace {

// The first start of a step at or after t.
constexpr Timestamp ceiling_to(Timestamp t, Duration step) {
  const Timestamp floor = floor_to(t, step);
  return floor == t ? t : floor + step;
}

}  // namespace

Result<Place> parse_place(std::string_view text) {
  if (text.empty()) return before_all;
  Place place{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < place.size(); ++i) {
    const auto parsed = std::from_chars(at, end, place[i]);
    const bool last = i + 1 == place.size();
    if (parsed.ec != std::errc() || place[i] == std::numeric_limits<std::int64_t>::min() ||
        (last ? parsed.ptr != end : parsed.ptr == end || *parsed.ptr != '.')) {
      return refuse("the cursor is not one that this server gave");
    }
    at = parsed.ptr + 1;
  }
  return place;
}

std::string place_text(const Place& place) { return fmt::format("{}", fmt::join(place, ".")); }

Stretch::Stretch(const SeriesFilter& filter, const Place& after)
    : from(filter.from ? ceiling_to(*filter.from, filter.step).ns : std::numeric_limits<std::int64_t>::min()),
      end(std::min(filter.to ? ceiling_to(*filter.to, filter.step).ns : place_max, after[0])) {}

Result<Place> place_of(const SeriesFilter& filter) {
  if (filter.limit < 1 || filter.limit > view_limit_max || filter.step <= Duration{})
    return refuse("a limit or step out of range");
  return parse_place(filter.cursor);
}

}  // namespace candled::store
