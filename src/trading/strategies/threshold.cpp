// threshold: all in or all out, with hysteresis. Without a position it buys above `enter` for `size` of the cash; with one it
// sells all of it below `leave`; in between it stays as it is, so that a probability around one bound does not churn.
#include <array>

#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {
namespace {

constexpr std::array parameters{
    ParameterInfo{"enter", 0.55, 0, 1, "buys above this probability, when it holds nothing"},
    ParameterInfo{"leave", 0.50, 0, 1, "sells all below this probability; at most enter"},
    ParameterInfo{"size", 1, 0, 1, "part of the cash that a purchase spends"},
};

OrderIntent decide(const StrategyView& view, std::span<const double> p) {
  const double enter = p[0], leave = p[1], size = p[2];
  if (view.holds) {
    if (view.probability_up < leave) return OrderIntent::sale(view, 1, "probability below leave");
    return OrderIntent::nothing("holds, not below leave");
  }
  if (view.probability_up > enter) return OrderIntent::buy(view, size, "probability above enter");
  return OrderIntent::nothing("out, not above enter");
}

}  // namespace

constinit const StrategyKind threshold{"threshold", parameters, decide};

}  // namespace candled::trading::strategies
