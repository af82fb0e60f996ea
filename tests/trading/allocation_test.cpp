// Counts allocations: a trade must not cause any.
#include <catch2/catch.hpp>

#include "allocation_count.hpp"
#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

TEST_CASE("trades allocate nothing, also where they fill orders") {
  PaperSettings settings;
  settings.latency = Duration::milliseconds(1);
  Desk desk(settings, {{"d", "dynamic", {}}, {"b", "balanced", {}}, {"u", "ultra_aggressive", {}}});
  desk.fills.reserve(16);
  std::size_t fills = 0;
  std::size_t in_trades = 0;
  for (std::int64_t minute = 0; minute < 100; ++minute) {
    desk.candle({.minute = minute, .probability = minute % 2 == 0 ? 0.9 : 0.1});
    Trade trade;
    trade.price = price("100");
    desk.fills.clear();
    const std::size_t before = candled::testing::allocations();
    for (std::int64_t i = 0; i < 100; ++i) {
      trade.time = desk.report.decision_time + Duration::milliseconds(i);
      desk.trading.on_trade(trade, desk.fills);
    }
    in_trades += candled::testing::allocations() - before;
    fills += desk.fills.size();
  }
  CHECK(in_trades == 0);
  CHECK(fills == 300);
  CHECK(candled::testing::allocations() > 0);
}

}  // namespace
}  // namespace candled::trading::testing
