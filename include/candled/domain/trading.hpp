// Orders, fills and equity: what a strategy's wish becomes.
#pragma once

#include <cstdint>
#include <string>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled {

// A strategy of the config; position i of the list has id i.
enum class StrategyId : std::uint16_t {};
constexpr std::size_t index_of(StrategyId id) { return static_cast<std::size_t>(id); }

enum class FillReason : std::uint8_t {
  signal,             // the strategy's rule
  rest_of_position,   // what a sale would leave is below the minimum order, so all of it is sold
};

// Fact: money and position have changed hands in one strategy's paper account.
struct Fill {
  Timestamp time;              // of the trade that filled it, or the decision time when latency is 0
  Timestamp decided_on;        // open time of the candle that the order was decided on
  Quantity quantity;
  Price price;                 // slippage included
  Money fee;
  std::uint32_t number = 0;    // counts the fills of this strategy in this market from 1
  StrategyId strategy{};
  Side side = Side::buy;
  FillReason reason = FillReason::signal;
};

// One strategy's account in one market, marked at the close of a candle.
struct EquityPoint {
  StrategyId strategy{};
  Timestamp time;       // end of the candle
  Money cash;
  Quantity position;
  Price price;          // the candle's close
  Money equity;         // cash + position * price
};

}  // namespace candled
