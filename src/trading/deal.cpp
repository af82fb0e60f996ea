#include "trading/deal.hpp"

#include <algorithm>

namespace candled::trading {
namespace {

constexpr Amount unlimited = Amount::largest();

// Where prices are below this, steps of 1e-10 are too coarse for slippage.
constexpr Price small_price = Price::from_units(100);

Deals refused(OrderEnd end) {
  Deals none;
  none.end = end;
  return none;
}

Money fee_of(Money notional, Fraction rate) { return rate.ceiling_of(notional); }

bool below_smallest(Amount quantity, const MarketRules& rules) {
  return quantity < amount_within(rules.minimum_quantity);
}

// Beyond what Money holds is surely not below the minimum.
bool below_minimum(Price price, Amount quantity, const TradingCosts& costs, const MarketRules& rules) {
  if (below_smallest(quantity, rules)) return true;
  const std::optional<Money> value = checked_notional(price, quantity);
  return value && *value < costs.minimum_order;
}

// The most that the sum pays for at this price, fee included.
Amount affordable(Money spend, Price price, Fraction fee, const MarketRules& rules) {
  return whole_lots(affordable_amount(fee.largest_with_cost_within(spend), price), rules);
}

// The levels an order meets: those of the book, none better than the tape, or one without end at the worsened tape.
class Levels {
 public:
  Levels(const Quote& quote, Side side, const TradingCosts& costs, const MarketRules& rules)
      : quote_(quote), side_(side), costs_(costs), rules_(rules) {
    if (quote.book != nullptr) book_ = quote.book->facing(side);
  }
  bool from_book() const { return quote_.book != nullptr; }
  std::size_t count() const { return from_book() ? book_.size() : 1; }
  Amount quantity(std::size_t i) const {
    return from_book() ? whole_lots(amount_within(book_[i].quantity), rules_) : unlimited;
  }
  std::optional<Price> price(std::size_t i) const {
    if (!from_book()) return price_against_us(quote_.tape, side_, costs_, rules_);
    const Price level = book_[i].price;
    return on_step(side_ == Side::buy ? std::max(level, quote_.tape) : std::min(level, quote_.tape), side_, rules_);
  }

 private:
  const Quote& quote_;
  const Side side_;
  const TradingCosts& costs_;
  const MarketRules& rules_;
  std::span<const BookLevel> book_;
};

}  // namespace

Amount whole_lots(Amount quantity, const MarketRules& rules) {
  const WideUnits step = amount_within(rules.lot_step).units();
  return step > 1 ? Amount::from_units(quantity.units() - quantity.units() % step) : quantity;
}

std::optional<Price> on_step(Price price, Side side, const MarketRules& rules) {
  if (!rules.price_step.is_positive()) return price.is_positive() ? std::optional(price) : std::nullopt;
  const WideUnits step = rules.price_step.finest_units();
  const WideUnits over = price.finest_units() % step;
  const WideUnits down = price.finest_units() - over;
  const std::optional<Price> stepped = Price::from_finest(over != 0 && side == Side::buy ? down + step : down);
  return stepped && stepped->is_positive() ? stepped : std::nullopt;
}

std::optional<Price> price_away(Price market, Fraction part, bool up) {
  constexpr WideUnits usual_step = wide_power_of_ten(Price::finest - Price::decimals);
  const WideUnits step = market < small_price ? 1 : usual_step;
  const WideUnits at = market.finest_units();
  const std::optional<WideUnits> steps =
      multiply_divide(at, part.units(), Fraction::one * step, Rounding::away_from_zero);
  if (!steps) return std::nullopt;
  const std::optional<Price> price = Price::rounded(up ? at + *steps * step : at - *steps * step, up);
  return price && price->is_positive() ? price : std::nullopt;
}

std::optional<Price> price_against_us(Price market, Side side, const TradingCosts& costs, const MarketRules& rules) {
  const std::optional<Price> price =
      price_away(market, Fraction::sum(costs.half_spread, costs.slippage), side == Side::buy);
  if (!price) return std::nullopt;
  return on_step(*price, side, rules);
}

Deals buy_at_market(Money spend, const Quote& quote, const TradingCosts& costs, const MarketRules& rules) {
  const Levels levels(quote, Side::buy, costs, rules);
  if (levels.count() == 0) return refused(OrderEnd::no_liquidity);
  Deals deals;
  Money left = spend, value;
  Amount bought;
  bool level_emptied = left.units() > 0;  // the money would have bought more than the last level had
  for (std::size_t i = 0; i < levels.count() && level_emptied && left.units() > 0; ++i) {
    const std::optional<Price> price = levels.price(i);
    if (!price) return refused(OrderEnd::beyond_numbers);
    const Amount most = affordable(left, *price, costs.fee, rules);
    const Amount quantity = std::min(most, levels.quantity(i));
    level_emptied = most > levels.quantity(i);
    const std::optional<Money> cost = checked_notional(*price, quantity);
    const std::optional<Amount> total = checked_add(bought, quantity);
    if (!cost || !total) return refused(OrderEnd::beyond_numbers);
    if (cost->units() <= 0) continue;
    const Money fee = fee_of(*cost, costs.fee);
    deals.pieces[deals.count++] = {quantity, *price, *cost, fee};
    left -= *cost + fee;
    value += *cost;
    bought = *total;
  }
  if (level_emptied && levels.from_book()) deals.end = OrderEnd::partly_filled;
  if (value < costs.minimum_order || below_smallest(bought, rules) || deals.count == 0) {
    return refused(deals.end == OrderEnd::partly_filled ? OrderEnd::no_liquidity : OrderEnd::below_minimum);
  }
  return deals;
}

std::optional<Amount> sale_quantity(Amount wanted, Amount position, Price price, const TradingCosts& costs,
                                    const MarketRules& rules) {
  if (wanted.units() <= 0) return std::nullopt;
  const Amount rest = position - wanted;
  const bool takes_rest = rest.units() > 0 && below_minimum(price, rest, costs, rules);
  const Amount quantity = whole_lots(takes_rest ? position : wanted, rules);
  // What is left of a position may be closed however little it is worth, if the market takes so small a quantity.
  const bool all = quantity == whole_lots(position, rules);
  if (below_smallest(quantity, rules) || (!all && below_minimum(price, quantity, costs, rules))) return std::nullopt;
  return quantity;
}

Deals sell_at_market(Amount wanted, Amount position, const Quote& quote, const TradingCosts& costs,
                     const MarketRules& rules) {
  const Levels levels(quote, Side::sell, costs, rules);
  if (levels.count() == 0) return refused(OrderEnd::no_liquidity);
  const std::optional<Price> best = levels.price(0);
  if (!best) return refused(OrderEnd::beyond_numbers);
  const std::optional<Amount> whole = sale_quantity(wanted, position, *best, costs, rules);
  if (!whole) return refused(OrderEnd::below_minimum);
  Deals deals;
  deals.takes_rest = *whole > wanted;
  Amount left = *whole;
  for (std::size_t i = 0; i < levels.count() && left.units() > 0; ++i) {
    const std::optional<Price> price = levels.price(i);
    const Amount quantity = std::min(left, levels.quantity(i));
    const std::optional<Money> value = price ? checked_notional(*price, quantity) : std::nullopt;
    if (!value) return refused(OrderEnd::beyond_numbers);
    if (value->units() <= 0) continue;
    deals.pieces[deals.count++] = {quantity, *price, *value, fee_of(*value, costs.fee)};
    left -= quantity;
  }
  if (deals.count == 0) return refused(OrderEnd::below_minimum);
  if (left.units() > 0) deals.end = OrderEnd::partly_filled;
  return deals;
}

std::optional<Deal> limit_deal(Side side, Amount quantity, Price limit, Money cash, const TradingCosts& costs,
                               const MarketRules& rules) {
  Amount most = whole_lots(quantity, rules);
  if (side == Side::buy) most = std::min(most, affordable(cash, limit, costs.maker_fee, rules));
  const std::optional<Money> value = checked_notional(limit, most);
  if (!value || value->units() <= 0) return std::nullopt;
  return Deal{most, limit, *value, fee_of(*value, costs.maker_fee)};
}

}  // namespace candled::trading
