// Options: what every strategy may have around its rule. They force a sale, or cut an order intent; pure arithmetic.
//
// Looked at once a candle, at its close, on candles that are not gaps and not stale:
//   stop_loss      sells all when the candle's low is worth stop_loss less than the position cost (average price, without fees)
//   trailing_stop  sells all when the low is trailing_stop below the highest close since the position was opened
//   take_profit    sells all when the close is worth take_profit more than the position cost
//   maximum_drawdown  sells all, and ends the strategy, when the equity is that much below its highest
// Losses count as soon as they were touched, gains only where they lasted to the close. The sale is a market order with the
// usual latency: it gets what the market gives then, never the price of the stop.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "candled/domain/trading.hpp"
#include "candled/trading/fraction.hpp"
#include "candled/trading/strategy.hpp"
#include "trading/account_view.hpp"

namespace candled::trading {

struct StrategyOptions {
  Fraction stop_loss, take_profit, trailing_stop, maximum_position, maximum_drawdown;  // 0: off
  std::optional<double> minimum_edge;                                                  // fraction of the price
  std::optional<Fraction> limit_offset;  // fraction of the close; without it orders are market orders
};

// A strategy of the config with every number settled.
struct StrategyRule {
  const StrategyKind* kind = nullptr;
  std::vector<double> parameters;  // in the order of kind->parameters
  StrategyOptions options;
  Duration decide_every, cooldown;
};

// Aborts on what check_strategies refuses.
StrategyRule resolve(const StrategySettings& settings, Duration interval);

// What the options have to remember of one account.
struct OptionsState {
  Money equity_peak;  // highest at a close
  Price price_peak;   // highest close since the position was opened, or its first price; 0 without a position
  Timestamp last_fill;
  Fraction stopped_at;  // the maximum_drawdown that ended the strategy; 0: it runs
};

// What sells the position now, if anything.
std::optional<FillReason> forced_exit(const StrategyOptions& options, const OptionsState& state,
                                      const AccountView& account, Price low);

// The order intent as the options let it pass. expected_move: fraction of the price, over the horizon, in the direction of the signal,
// empty where it is not known; round_trip: what a purchase and its sale cost, as a fraction.
OrderIntent within_options(const OrderIntent& intent, const StrategyOptions& options, const AccountView& account,
                           std::optional<double> expected_move, double round_trip);

}  // namespace candled::trading
