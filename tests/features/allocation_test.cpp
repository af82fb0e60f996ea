// update() allocates nothing.

#include <catch2/catch.hpp>

#include "allocation_count.hpp"
#include "candled/features/feature_set.hpp"
#include "features/series.hpp"

namespace candled::features {

TEST_CASE("a row costs no allocation, gaps included") {
  const std::vector<Candle> candles = testing::made_market(500, 51, {.gap_share = 0.02});
  FeatureSet features(Duration::minutes(1));
  const std::size_t before = candled::testing::allocations();
  std::size_t values = 0;
  for (const Candle& candle : candles) values += features.update(candle).size();
  CHECK(candled::testing::allocations() == before);
  CHECK(values > 0);
  CHECK(before > 0);
}

}  // namespace candled::features
