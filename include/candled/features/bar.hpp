// Bar: a closed candle as doubles, the input of every indicator.
#pragma once

#include "candled/domain/candle.hpp"
#include "candled/domain/time.hpp"

namespace candled::features {

struct Bar {
  Timestamp open_time;
  Timestamp end_time;  // open_time + interval: the moment the row belongs to
  double open = 0, high = 0, low = 0, close = 0;  // quote currency
  double typical = 0;     // (high + low + close) / 3
  double volume = 0;      // base currency
  double buy_volume = 0;  // taker bought
  double sell_volume = 0;
  double trades = 0;
  double quiet = 0;  // 1 if nothing traded, else 0
};

// The candle must not be a gap.
inline Bar to_bar(const Candle& candle, Duration interval) {
  Bar bar;
  bar.open_time = candle.open_time;
  bar.end_time = candle.open_time + interval;
  bar.open = candle.open.to_double();
  bar.high = candle.high.to_double();
  bar.low = candle.low.to_double();
  bar.close = candle.close.to_double();
  // Summed in ticks, so that two candles whose sums are equal in decimal have equal typical prices: the money flow
  // index gives a candle's whole flow to one side by this comparison.
  const double ticks = static_cast<double>(candle.high.units()) + static_cast<double>(candle.low.units()) +
                       static_cast<double>(candle.close.units());
  bar.typical = ticks / (3.0 * static_cast<double>(Price::scale));
  bar.volume = candle.volume.to_double();
  bar.buy_volume = candle.buy_volume.to_double();
  bar.sell_volume = (candle.volume - candle.buy_volume).to_double();
  bar.trades = candle.trades;
  bar.quiet = candle.state == CandleState::quiet ? 1 : 0;
  return bar;
}

}  // namespace candled::features
