// The real World: this machine's clocks, its name look-up and its sockets.
#pragma once

#include <memory>

#include "candled/flow/world.hpp"

namespace candled::net {

// TLS is version 1.2 or later, with the certificate checked against the host. No thread of its own except the resolver's: a look-up
// that a name server never answers does not block the destruction of the world, and is abandoned.
std::unique_ptr<flow::World> make_real_world();

}  // namespace candled::net
