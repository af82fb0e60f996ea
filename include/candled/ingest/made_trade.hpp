// MadeTrade: the place of a stored trade that has no id of the exchange.
#pragma once

#include <cstdint>
#include <optional>

#include "candled/domain/event.hpp"
#include "candled/domain/made_id.hpp"
#include "candled/domain/time.hpp"

namespace candled::ingest {

struct MadeTrade {
  std::int64_t id = 0;  // below zero
  Timestamp time;
};

// What nobody saw between the last trade without an id and what is known again: a sequence gap in made ids. Nothing where they meet.
inline std::optional<SequenceGap> gap_behind(const MadeTrade& last, Timestamp known_from, Timestamp detected) {
  const SequenceGap gap{last.id + 1, made_id_from(known_from) - 1, detected, {}};
  if (known_from <= last.time || gap.first_missing_id > gap.last_missing_id) return std::nullopt;
  return gap;
}

}  // namespace candled::ingest
