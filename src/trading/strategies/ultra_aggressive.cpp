// ultra_aggressive: on every up signal it spends 50 % of the cash, on every down signal it sells 50 % of the position.
#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {

Wish ultra_aggressive(const StrategyView& view) {
  if (view.signal_up) return Wish::buy(view, 0.50, "probability above 0.50");
  return Wish::sale(view, 0.50, "signal is down");
}

}  // namespace candled::trading::strategies
