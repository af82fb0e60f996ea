// ultra_aggressive: on every up signal it spends `size` (50 %) of the cash, on every down signal it sells `sell` (50 %) of the
// position. A higher `enter` (0.50) makes it calmer.
#include <array>

#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {
namespace {

constexpr std::array parameters{
    ParameterInfo{"enter", 0.50, 0.5, 1, "buys above this probability"},
    ParameterInfo{"size", 0.50, 0, 1, "part of the cash that a purchase spends"},
    ParameterInfo{"sell", 0.50, 0, 1, "part of the position that a sale sells"},
};

OrderIntent decide(const StrategyView& view, std::span<const double> p) {
  const double enter = p[0], size = p[1], sell = p[2];
  if (!view.signal_up) return OrderIntent::sale(view, sell, "signal is down");
  if (view.probability_up <= enter) return OrderIntent::nothing("up, but not above enter");
  return OrderIntent::buy(view, size, "probability above enter");
}

}  // namespace

constinit const StrategyKind ultra_aggressive{"ultra_aggressive", parameters, decide};

}  // namespace candled::trading::strategies
