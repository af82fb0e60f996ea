// Deal: what an order comes to at a market price, costs included, or nothing where it is refused. Pure arithmetic.
#pragma once

#include <optional>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/trading.hpp"
#include "candled/trading/paper_settings.hpp"

namespace candled::trading {

struct Deal {
  Quantity quantity;  // > 0
  Price price;        // slippage and half-spread included
  Money notional;     // price * quantity, > 0
  Money fee;          // 0 to notional
  FillReason reason = FillReason::signal;
};

// The market's price made worse for us by half-spread and slippage, rounded against us; nullopt beyond 0 < price <
// largest.
std::optional<Price> price_against_us(Price market, Side side, const TradingCosts& costs);

// Buys as much as the sum buys, fee included: notional + fee <= spend. Refused below the minimum order, and where the
// smallest quantity costs more than the sum or less than the smallest unit of money.
std::optional<Deal> buy_deal(Money spend, Price market, const TradingCosts& costs);

// Sells `wanted` of the position (0 <= wanted <= position). All of it where less than the minimum order would be left
// (FillReason::rest_of_position). Refused where the order itself is below the minimum and would leave more than that,
// and where it brings less than the smallest unit of money, or more than Money holds.
std::optional<Deal> sell_deal(Quantity wanted, Quantity position, Price market, const TradingCosts& costs);

}  // namespace candled::trading
