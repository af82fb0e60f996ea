// The clocks of this machine. Values that are stored or decide get time as data; the house rules say which rooms may read the wall clock.
#pragma once

#include <cstdint>

#include "candled/domain/time.hpp"

namespace candled::flow {

// Wall clock, UTC. May jump.
Timestamp wall_now();
// Monotonic, from an arbitrary start. Never jumps.
Duration monotonic_now();
// monotonic_now() in microseconds modulo 2^32, for Event::received_us.
std::uint32_t monotonic_us();

}  // namespace candled::flow
