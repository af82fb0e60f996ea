// Made ids: trades that come without an id get a negative one, made from their time.
//
// They count nanoseconds in whole microseconds and lie below zero until the year 2255. Where more trades share a microsecond, they
// reach into the ids of the next one.
#pragma once

#include <cstdint>

#include "candled/domain/time.hpp"

namespace candled {

constexpr std::int64_t made_id_offset = 9'000'000'000'000'000'000;
constexpr Duration made_id_step{1'000};

// The first of its microsecond.
inline std::int64_t made_id_at(Timestamp time) { return floor_to(time, made_id_step).ns - made_id_offset; }
// Up to the next microsecond.
inline Timestamp time_of_made_id(std::int64_t id) { return {id + made_id_offset}; }

}  // namespace candled
