#include "app/heap.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

// The sanitizers bring an allocator of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

using namespace candled::app;

namespace {

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

std::unique_ptr<std::byte[]> block(std::size_t bytes) {
  auto made = std::make_unique<std::byte[]>(bytes);
  std::memset(made.get(), 1, bytes);
  return made;
}

}  // namespace

TEST_CASE("what a training freed goes back to the system") {
  constexpr int megabytes = 64;
  std::vector<std::unique_ptr<std::byte[]>> small;
  std::unique_ptr<std::byte[]> last;
  small.reserve(megabytes * 1024);
  for (int i = 0; i < megabytes * 1024; ++i) small.push_back(block(1000));
  last = block(1000);  // holds the end of the heap
  const double before = resident_megabytes();
  small.clear();
  return_free_heap();
  CHECK(before - resident_megabytes() > megabytes / 2);
}

TEST_CASE("large blocks come from the system, whatever was freed before") {
  keep_heap_small();
  for (int i = 0; i < 3; ++i) block(std::size_t{16} << 20);  // by itself the C library would learn to keep these
  std::unique_ptr<std::byte[]> large = block(std::size_t{16} << 20);
  const std::unique_ptr<std::byte[]> last = block(1000);
  const double before = resident_megabytes();
  large.reset();
  CHECK(before - resident_megabytes() > 12);
}

#endif
