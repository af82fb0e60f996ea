// PaperSettings: what trading costs in the simulation, and when it is refused. `[paper]` of the config.
#pragma once

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/trading/fraction.hpp"

namespace candled::trading {

// What stands between the market's price and what we get.
struct TradingCosts {
  Fraction fee = Fraction::basis_points(40);         // the taker's rate, of the notional
  Fraction half_spread = Fraction::basis_points(1);  // both worsen the fill price, together
  Fraction slippage = Fraction::basis_points(1);
  Money minimum_order = Money::from_units(5 * Money::scale);  // smallest notional of an order
};

struct PaperSettings {
  Money starting_balance = Money::from_units(10'000 * Money::scale);
  TradingCosts costs;
  Duration latency = Duration::milliseconds(250);  // from decision to the market; 0 fills at the close
  Duration stale_after = Duration::minutes(1);     // a candle that closes later than this after its end decides nothing
};

// Refuses a starting balance that is not positive, and negative latency, stale_after or minimum order.
Result<void> check_settings(const PaperSettings& settings);

}  // namespace candled::trading
