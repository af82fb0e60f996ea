// dynamic: the surer, the more. Above 0.55 it spends 25 % of the cash plus what the probability is above 0.55, at most
// 50 %; on a down signal it sells 75 % of the position.
#include <algorithm>

#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {

Wish dynamic(const StrategyView& view) {
  const double p = view.probability_up;
  if (view.signal_up) {
    if (p > 0.55) return Wish::buy(view, std::min(0.25 + (p - 0.55), 0.50), "probability above 0.55");
    return Wish::nothing("up, but not above 0.55");
  }
  return Wish::sale(view, 0.75, "signal is down");
}

}  // namespace candled::trading::strategies
