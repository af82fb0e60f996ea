#include "trading/deal.hpp"

#include <limits>

namespace candled::trading {
namespace {

Money fee_of(Money notional, const TradingCosts& costs) {
  return Money::from_units(costs.fee.ceiling_of(notional.units()));
}

// Beyond what Money holds is surely not below the minimum.
bool below_minimum(Price price, Quantity quantity, const TradingCosts& costs) {
  const std::optional<Money> value = checked_notional(price, quantity);
  return value && *value < costs.minimum_order;
}

}  // namespace

std::optional<Price> price_against_us(Price market, Side side, const TradingCosts& costs) {
  const Fraction worse = Fraction::sum(costs.half_spread, costs.slippage);
  const Price by = Price::from_units(worse.ceiling_of(market.units()));
  if (side == Side::buy) return checked_add(market, by);
  const Price price = market - by;
  return price.units() > 0 ? std::optional(price) : std::nullopt;
}

std::optional<Deal> buy_deal(Money spend, Price market, const TradingCosts& costs) {
  const std::optional<Price> price = price_against_us(market, Side::buy, costs);
  if (!price || spend.units() <= 0) return std::nullopt;
  const Money before_fee = Money::from_units(costs.fee.largest_with_cost_within(spend.units()));
  const Quantity quantity = affordable_quantity(before_fee, *price);
  const std::optional<Money> cost = checked_notional(*price, quantity);
  if (!cost || cost->units() <= 0 || *cost < costs.minimum_order) return std::nullopt;
  return Deal{quantity, *price, *cost, fee_of(*cost, costs), FillReason::signal};
}

std::optional<Deal> sell_deal(Quantity wanted, Quantity position, Price market, const TradingCosts& costs) {
  const std::optional<Price> price = price_against_us(market, Side::sell, costs);
  if (!price || wanted.units() <= 0) return std::nullopt;
  const Quantity left = position - wanted;
  const bool takes_rest = left.units() > 0 && below_minimum(*price, left, costs);
  const Quantity quantity = takes_rest ? position : wanted;
  if (quantity < position && below_minimum(*price, quantity, costs)) return std::nullopt;
  const std::optional<Money> value = checked_notional(*price, quantity);
  if (!value || value->units() <= 0) return std::nullopt;
  const FillReason reason = takes_rest ? FillReason::rest_of_position : FillReason::signal;
  return Deal{quantity, *price, *value, fee_of(*value, costs), reason};
}

}  // namespace candled::trading
