// Counts the allocations of a test program, for tests of code that must make none. A program that links candled_allocation_count
// has operator new and delete replaced, the whole family, so that none of it is paired with a sanitizer's own.
#pragma once

#include <cstddef>

namespace candled::testing {

// Blocks that this process has taken with operator new so far, in all threads.
std::size_t allocations();

}  // namespace candled::testing
