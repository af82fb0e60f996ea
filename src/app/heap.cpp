#include "app/heap.hpp"

#include <malloc.h>

namespace candled::app {
namespace {

constexpr int large_block_bytes = 1 << 20;

}  // namespace

void keep_heap_small() {
  mallopt(M_MMAP_THRESHOLD, large_block_bytes);
  mallopt(M_TRIM_THRESHOLD, large_block_bytes);
}

void return_free_heap() { malloc_trim(0); }

}  // namespace candled::app
