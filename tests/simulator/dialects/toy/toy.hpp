// Toy: an exchange that never was, as unlike Kraken as the walls allow: words instead of JSON, one frame a trade, cumulative
// acknowledgements, ids in heartbeats, numbered books, pings, REST that pages by id with headers.
#pragma once

#include <cstdint>
#include <memory>

#include "simulator/dialect.hpp"

namespace candled::simulator::toy {

std::unique_ptr<Dialect> make_dialect(std::uint64_t seed);

}  // namespace candled::simulator::toy
