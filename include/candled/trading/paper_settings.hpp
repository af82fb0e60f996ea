// PaperSettings: the costs of paper trading, the market's order rules, and when nothing is traded. `[paper]`,
// `[exchange.<name>]` and `[[market]]` of the config.
#pragma once

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/trading/fraction.hpp"

namespace candled::trading {

// The difference between the market's price and ours.
struct TradingCosts {
  Fraction fee = Fraction::basis_points(40);         // the taker's rate, of the notional
  Fraction half_spread = Fraction::basis_points(1);  // both together worsen the fill price where no book is recorded
  Fraction slippage = Fraction::basis_points(1);
  Money minimum_order = Money::from_units(5 * Money::scale);  // smallest notional of an order
  Fraction maker_fee = Fraction::basis_points(25);            // the maker's rate: limit orders
};

// Orders that the market accepts. 0: no rule.
struct MarketRules {
  Quantity minimum_quantity;
  Quantity lot_step;  // quantities are multiples of it, rounded down
  Price price_step;   // prices are multiples of it, rounded against us
};

struct PaperSettings {
  Money starting_balance = Money::from_units(10'000 * Money::scale);
  TradingCosts costs;
  Duration latency = Duration::milliseconds(250);  // from decision to the market; 0 fills at the close
  Duration stale_after = Duration::minutes(1);     // a candle that closes later than this after its end decides nothing
  MarketRules rules;
};

// Refuses a starting balance that is not positive, and anything else that is negative.
Result<void> check_settings(const PaperSettings& settings);

}  // namespace candled::trading
