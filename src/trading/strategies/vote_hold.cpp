// vote_hold: BUY above `threshold`, SELL below 1 - `threshold`, HOLD between, each with a confidence of |2p - 1|. It buys for
// `size` * confidence of the cash and sells `size` * confidence of the position.
#include <array>
#include <cmath>

#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {
namespace {

constexpr std::array parameters{
    ParameterInfo{"threshold", 0.55, 0.5, 1, "BUY above this probability, SELL below one less it"},
    ParameterInfo{"size", 1, 0, 1, "part of cash or position that full confidence trades"},
};

OrderIntent decide(const StrategyView& view, std::span<const double> p) {
  const double threshold = p[0], size = p[1];
  const double confidence = std::abs(2 * view.probability_up - 1);
  if (view.probability_up > threshold) return OrderIntent::buy(view, size * confidence, "BUY");
  if (view.probability_up < 1 - threshold) return OrderIntent::sale(view, size * confidence, "SELL");
  return OrderIntent::nothing("HOLD");
}

}  // namespace

constinit const StrategyKind vote_hold{"vote_hold", parameters, decide};

}  // namespace candled::trading::strategies
