// Bar: a closed candle as doubles, the input of every indicator. NaN is "not known".
#pragma once

#include "candled/domain/candle.hpp"
#include "candled/domain/time.hpp"
#include "candled/features/number.hpp"

namespace candled {
struct BookFacts;
}

namespace candled::features {

struct Bar {
  Timestamp open_time;
  Timestamp end_time;  // open_time + interval: the moment the row belongs to
  double interval_s = 60;
  double open = 0, high = 0, low = 0, close = 0;  // quote currency
  double typical = 0;                             // (high + low + close) / 3
  double volume = 0;                              // base currency
  double quiet = 0;                               // 1 if nothing traded, else 0
  // Known where the candle's trades were counted.
  double trades = 0;
  // Known where their sides were.
  double buy_volume = 0;  // taker bought
  double sell_volume = 0;
  // Known where the candle has a tape.
  double buy_trades = 0;  // and sides
  double up_ticks = 0, down_ticks = 0;
  double largest = 0;   // trade, base currency
  double turnover = 0;  // quote currency
  double longest_pause_s = 0;
  // The order book's facts of this candle; null where there are none. Not owned; valid during one update.
  const BookFacts* book = nullptr;
};

// The candle must not be unknown.
inline Bar to_bar(const Candle& candle, Duration interval) {
  Bar bar;
  bar.open_time = candle.open_time;
  bar.end_time = candle.open_time + interval;
  bar.interval_s = static_cast<double>(interval.ns) / 1e9;
  bar.open = candle.open.to_double();
  bar.high = candle.high.to_double();
  bar.low = candle.low.to_double();
  bar.close = candle.close.to_double();
  // Summed in watermarks, so that two candles whose sums are equal in decimal have equal typical prices: the money flow
  // index gives a candle's whole flow to one side by this comparison.
  const double watermarks = candle.high.to_usual_units() + candle.low.to_usual_units() + candle.close.to_usual_units();
  bar.typical = watermarks / (3.0 * static_cast<double>(Price::scale));
  bar.volume = candle.volume.to_double();
  bar.quiet = candle.state == CandleState::quiet ? 1 : 0;
  bar.trades = candle.trades_known ? candle.trades : unknown;
  const bool sides = candle.buy_volume_known;
  bar.buy_volume = sides ? candle.buy_volume.to_double() : unknown;
  bar.sell_volume = sides ? (candle.volume - candle.buy_volume).to_double() : unknown;
  const Tape& tape = candle.tape;
  bar.buy_trades = tape.known && sides ? tape.buy_trades : unknown;
  bar.up_ticks = tape.known ? tape.up_ticks : unknown;
  bar.down_ticks = tape.known ? tape.down_ticks : unknown;
  bar.largest = tape.known ? tape.largest.to_double() : unknown;
  bar.turnover = tape.known ? tape.turnover.to_double() : unknown;
  bar.longest_pause_s = tape.known ? static_cast<double>(tape.longest_pause.ns) / 1e9 : unknown;
  return bar;
}

}  // namespace candled::features
