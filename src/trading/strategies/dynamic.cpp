// dynamic: the surer, the more. Above `enter` (0.55) it spends `size` (25 %) of the cash plus what the probability is above
// `enter`, at most `size_max` (50 %); on a down signal it sells `sell` (75 %) of the position.
#include <algorithm>
#include <array>

#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {
namespace {

constexpr std::array parameters{
    ParameterInfo{"enter", 0.55, 0.5, 1, "buys above this probability"},
    ParameterInfo{"size", 0.25, 0, 1, "least part of the cash that a purchase spends"},
    ParameterInfo{"size_max", 0.50, 0, 1, "largest part of the cash that a purchase spends"},
    ParameterInfo{"sell", 0.75, 0, 1, "part of the position that a sale sells"},
};

OrderIntent decide(const StrategyView& view, std::span<const double> p) {
  const double enter = p[0], size = p[1], size_max = p[2], sell = p[3];
  if (!view.signal_up) return OrderIntent::sale(view, sell, "signal is down");
  if (view.probability_up <= enter) return OrderIntent::nothing("up, but not above enter");
  return OrderIntent::buy(view, std::min(size + (view.probability_up - enter), size_max), "probability above enter");
}

}  // namespace

constinit const StrategyKind dynamic{"dynamic", parameters, decide};

}  // namespace candled::trading::strategies
