// buy_and_hold: the benchmark. Buys for all of its cash on the first candle with a price, pays what that costs, never sells.
#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {
namespace {

OrderIntent decide(const StrategyView& view, std::span<const double>) {
  if (view.holds) return OrderIntent::nothing("holds");
  return OrderIntent::buy(view, 1, "not invested yet");
}

}  // namespace

constinit const StrategyKind buy_and_hold{"buy_and_hold", {}, decide, false};

}  // namespace candled::trading::strategies
