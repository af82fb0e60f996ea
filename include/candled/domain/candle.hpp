// Candle: one closed interval in one of three states.
#pragma once

#include <cstdint>
#include <limits>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/time.hpp"

namespace candled {

enum class CandleState : std::uint8_t {
  traded,  // complete, with at least one trade
  quiet,   // complete, nothing traded: flat at the last close, volume 0
  gap,     // unknown: trades are or may be missing; prices hold what is known, all 0 if nothing is
};

// What the trades of a candle say beside its prices and sums. A candle imported without trades has none.
struct Tape {
  bool known = false;
  std::uint32_t buy_trades = 0;  // by the taker's side; meaningless unless Candle::buy_volume_known
  std::uint32_t up_ticks = 0,
                down_ticks = 0;  // trades above and below the price of the trade before, across candles too
  Quantity largest;              // single trade
  Money turnover;                // sum of price * quantity
  Duration longest_pause;        // without a trade, from the candle's start to its end

  friend bool operator==(const Tape&, const Tape&) = default;
};

struct Candle {
  Timestamp open_time;
  Price open, high, low, close;
  Volume volume;
  Volume buy_volume;  // taker bought; 0 where it is not known
  std::uint32_t trades = 0;
  CandleState state = CandleState::traded;
  std::uint16_t revision = 0;  // counts up each time a repair changes the stored candle

  bool buy_volume_known = true;  // false only where a file did not say
  bool trades_known = true;      // the same
  Tape tape;                     // known but for gaps and candles imported without trades

  friend bool operator==(const Candle&, const Candle&) = default;
};

}  // namespace candled
