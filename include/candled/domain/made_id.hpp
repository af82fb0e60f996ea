// Ids made for trades that come without one, from their times; and when a coarse stamp and an exact one can be of one trade.
#pragma once

#include <cstdint>
#include <optional>

#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled {

// Made ids count microseconds in thousands and lie below zero until the year 2255. Where more trades share a microsecond, they reach
// into the ids of the next ones.
constexpr Duration made_id_step{1'000};
constexpr std::int64_t made_id_offset = 9'000'000'000'000'000'000;

// So far behind its time an id can stand.
constexpr Duration made_id_reach = Duration::seconds(1);

// The lowest id that a trade without one can get at this time; and the time that such an id was made from, to the microsecond.
constexpr std::int64_t made_id_from(Timestamp time) { return floor_to(time, Duration{1'000}).ns - made_id_offset; }
constexpr Timestamp time_of_made_id(std::int64_t id) { return floor_to({id + made_id_offset}, Duration{1'000}); }

// The coarsest unit that a stamp is a multiple of. What happened may have happened up to one unit after the stamp.
constexpr Duration precision_of(Timestamp time) {
  for (const Duration unit : {Duration::seconds(1), Duration::milliseconds(1), Duration{1'000}}) {
    if (floor_to(time, unit) == time) return unit;
  }
  return {1};
}

// How well a stamp fits an exact time: the lower the better; nothing: of another trade. Stamps are cut off to whole units, by some rounded.
enum class StampFit : std::uint8_t { equal, microseconds, milliseconds, seconds, rounded };
constexpr std::optional<StampFit> fit_of(Timestamp stamp, Timestamp exact) {
  if (stamp == exact) return StampFit::equal;
  const Duration unit = precision_of(stamp), behind = exact - stamp;
  if (behind.ns > 0 && behind < unit) {
    if (unit == Duration::seconds(1)) return StampFit::seconds;
    return unit == Duration::milliseconds(1) ? StampFit::milliseconds : StampFit::microseconds;
  }
  if (behind.ns < 0 && -behind.ns * 2 <= unit.ns) return StampFit::rounded;
  return std::nullopt;
}
// Of two stamps of which either may be the coarser one, as those of two files are.
constexpr std::optional<StampFit> mutual_fit(Timestamp a, Timestamp b) {
  const Duration unit_a = precision_of(a), unit_b = precision_of(b);
  if (unit_a == unit_b) return a == b ? std::optional(StampFit::equal) : std::nullopt;
  return unit_a > unit_b ? fit_of(a, b) : fit_of(b, a);
}
// Of a trade without an id and one with: an exchange may stamp to the millisecond what a file has finer, but to no whole second.
constexpr std::optional<StampFit> twin_fit(Timestamp made, Timestamp own) {
  return precision_of(own) < Duration::seconds(1) ? mutual_fit(made, own) : fit_of(made, own);
}

constexpr bool sides_agree(Side a, Side b) { return a == b || a == Side::unknown || b == Side::unknown; }

}  // namespace candled
