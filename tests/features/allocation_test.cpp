// update() allocates nothing.

#include <catch2/catch.hpp>

#include <cstdlib>
#include <new>

#include "candled/features/feature_set.hpp"
#include "features/series.hpp"

namespace {
std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace candled::features {

TEST_CASE("a row costs no allocation, gaps included") {
  const std::vector<Candle> candles = testing::made_market(500, 51, {.gap_share = 0.02});
  FeatureSet features(Duration::minutes(1));
  const std::size_t before = allocations;
  std::size_t values = 0;
  for (const Candle& candle : candles) values += features.update(candle).size();
  CHECK(allocations == before);
  CHECK(values > 0);
  CHECK(before > 0);
}

}  // namespace candled::features
