// balanced: seldom and small. Above 0.60 it spends 25 % of the cash; on a down signal it sells 75 % of the position.
#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {

Wish balanced(const StrategyView& view) {
  if (view.signal_up) {
    if (view.probability_up > 0.60) return Wish::buy(view, 0.25, "probability above 0.60");
    return Wish::nothing("up, but not above 0.60");
  }
  return Wish::sale(view, 0.75, "signal is down");
}

}  // namespace candled::trading::strategies
