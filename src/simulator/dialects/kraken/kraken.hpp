// Kraken: WebSocket v2 at /v2 and the public REST below /0/public.
#pragma once

#include <cstdint>
#include <memory>

#include "simulator/dialect.hpp"

namespace candled::simulator::kraken {

// The seed decides connection ids.
std::unique_ptr<Dialect> make_dialect(std::uint64_t seed);

}  // namespace candled::simulator::kraken
