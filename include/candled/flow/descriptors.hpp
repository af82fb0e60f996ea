// File descriptors of this process: how many there may be.
#pragma once

#include <cstddef>

namespace candled::flow {

// Raises the soft limit to the hard one, where that may be done, and gives what holds then.
std::size_t raise_descriptor_limit();

}  // namespace candled::flow
