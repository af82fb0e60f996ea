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
  gap,     // trades are or may be missing; prices hold what is known, all 0 if nothing is
};

struct Candle {
  Timestamp open_time;
  Price open, high, low, close;
  Quantity volume;
  Quantity buy_volume;  // taker bought
  std::uint32_t trades = 0;
  CandleState state = CandleState::traded;
  std::uint16_t revision = 0;  // counts up each time a repair changes the stored candle

  friend bool operator==(const Candle&, const Candle&) = default;
};

}  // namespace candled
