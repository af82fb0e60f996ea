// Deals: what an order comes to at the market, level by level, costs included, or why it is refused. Pure arithmetic.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/trading.hpp"
#include "candled/trading/paper_settings.hpp"
#include "trading/book_view.hpp"

namespace candled::trading {

// One piece of an order at one price.
struct Deal {
  Amount quantity;  // > 0
  Price price;      // slippage and half-spread included
  Money notional;   // price * quantity, > 0
  Money fee;        // 0 to notional
};

// Where the market stands when an order gets there.
struct Quote {
  Price tape;                      // of the last trade
  const BookView* book = nullptr;  // null: none is recorded
};

struct Deals {
  std::array<Deal, BookView::levels_max> pieces;
  std::size_t count = 0;
  OrderEnd end = OrderEnd::filled;  // filled, partly_filled or a rejection; a rejection has no pieces
  bool takes_rest = false;          // a sale was made larger because it would have left less than the minimum

  std::span<const Deal> all() const { return std::span(pieces).first(count); }
};

// Down to a multiple of the step; a step of 0 changes nothing.
Amount whole_lots(Amount quantity, const MarketRules& rules);
// To a multiple of the price step, against us: up for a buy, down for a sale; nullopt beyond 0 < price <= largest.
std::optional<Price> on_step(Price price, Side side, const MarketRules& rules);

// The price moved up or down by this part of it, in steps of 1e-10 (1e-15 where it is below 1e-8), rounded away from it; a result that
// is too long to be held gives up its last digits, the same way. nullopt beyond 0 < price <= largest.
std::optional<Price> price_away(Price market, Fraction part, bool up);

// The tape's price made worse for us by half-spread and slippage, rounded against us; nullopt beyond 0 < price <= largest.
std::optional<Price> price_against_us(Price market, Side side, const TradingCosts& costs, const MarketRules& rules);

// Takes level after level of the recorded book, none at a better price than the tape's; without a book all at once at
// price_against_us. Buys as much as the sum buys, fee included: notional + fee of all pieces <= spend.
Deals buy_at_market(Money spend, const Quote& quote, const TradingCosts& costs, const MarketRules& rules);

// What a sale of `wanted` comes to at this price: all of the position where less than the minimum order would be left, in whole
// lots. Nothing where it is below the minimum and not all of the position.
std::optional<Amount> sale_quantity(Amount wanted, Amount position, Price price, const TradingCosts& costs,
                                    const MarketRules& rules);

// Sells `wanted` of the position (0 <= wanted <= position); all of it where less than the minimum order would be left.
// Refused where the order itself is below the minimum and would leave more than that.
Deals sell_at_market(Amount wanted, Amount position, const Quote& quote, const TradingCosts& costs,
                     const MarketRules& rules);

// One piece of a limit order at its own price with the maker's fee: at most `quantity`, and of a buy at most what the cash
// pays for. Nothing where that is less than a lot or the smallest unit of money.
std::optional<Deal> limit_deal(Side side, Amount quantity, Price limit, Money cash, const TradingCosts& costs,
                               const MarketRules& rules);

}  // namespace candled::trading
