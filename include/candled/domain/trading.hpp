// Orders, fills and equity: what becomes of a strategy's order intent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled {

// A strategy of the config; position i of the list has id i.
enum class StrategyId : std::uint16_t {};
constexpr std::size_t index_of(StrategyId id) { return static_cast<std::size_t>(id); }

enum class FillReason : std::uint8_t {
  signal,            // the strategy's rule, at the market
  rest_of_position,  // the sale would leave less than the minimum order, so all is sold
  limit,             // the strategy's rule, by a limit order that a trade went through: the maker's fee
  stop_loss,         // the next four: an option of the strategy sold the position at the market
  take_profit,
  trailing_stop,
  drawdown,
};
std::string_view text_of(FillReason reason);  // "rest of position"

// An executed order or a part of one: money and position have changed hands in one strategy's paper account.
struct Fill {
  Timestamp time;        // of the trade that filled it, or the decision time when latency is 0
  Timestamp decided_on;  // open time of the candle that the order was decided on
  Amount quantity;
  Price price;  // slippage included
  Money fee;
  std::uint32_t number = 0;  // counts the fills of this strategy in this market from 1
  StrategyId strategy{};
  Side side = Side::buy;
  FillReason reason = FillReason::signal;
};

// How an order ended.
enum class OrderEnd : std::uint8_t {
  filled,          // all of it
  partly_filled,   // the book or the tape gave no more before it was replaced or cancelled
  replaced,        // unfilled, by the next decision
  cancelled,       // unfilled: trades are missing, so its fill is not known; or a purchase, and trading was paused
  below_minimum,   // the rest are rejections: less than the market's minimum order, or than the smallest unit of money
  no_liquidity,    // the book's side was empty
  would_take,      // a limit order that the market had already passed when it arrived (they are post-only)
  beyond_numbers,  // price, cash or position would not fit the types
};
constexpr bool is_rejection(OrderEnd end) { return end >= OrderEnd::below_minimum; }
std::string_view text_of(OrderEnd end);  // "below minimum"

// One order with its outcome, reported once when it ended. Its fills carry the same `decided_on`.
struct OrderRecord {
  Timestamp decided_on;   // open time of the candle it was decided on
  Timestamp active_from;  // decision time + latency: at the exchange from here on
  Timestamp ended;
  Money spend;      // of a buy, fee included
  Amount quantity;  // of a sale and of a limit order
  Price limit;      // 0: a market order
  Amount filled;
  std::uint32_t number = 0;  // counts the orders of this strategy in this market from 1
  StrategyId strategy{};
  Side side = Side::buy;
  FillReason reason = FillReason::signal;  // why it was made
  OrderEnd end = OrderEnd::filled;

  friend bool operator==(const OrderRecord&, const OrderRecord&) = default;
};

// One strategy's account in one market, marked at the close of a candle.
struct EquityPoint {
  StrategyId strategy{};
  Timestamp time;  // end of the candle
  Money cash;
  Amount position;
  Price price;   // the candle's close
  Money equity;  // cash + position * price
};

}  // namespace candled
