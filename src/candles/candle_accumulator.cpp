#include "candled/candles/candle_accumulator.hpp"

#include <algorithm>
#include <limits>

namespace candled::candles {

void CandleAccumulator::add(const Trade& trade) {
  if (empty()) {
    open_ = high_ = low_ = trade.price;
    first_time_ = last_time_ = trade.time;
  } else {
    if (trade.price > close_) ++tape_.up_ticks;
    if (trade.price < close_) ++tape_.down_ticks;
    high_ = std::max(high_, trade.price);
    low_ = std::min(low_, trade.price);
  }
  close_ = trade.price;
  tape_.largest = std::max(tape_.largest, trade.quantity);
  tape_.longest_pause = std::max(tape_.longest_pause, trade.time - last_time_);
  last_time_ = std::max(last_time_, trade.time);
  first_time_ = std::min(first_time_, trade.time);
  if (trade.side == Side::buy) ++tape_.buy_trades;
  if (trade.side == Side::unknown) side_unknown_ = true;

  // buy_volume_ is part of volume_, so it fits where the volume does.
  const Volume quantity = volume_of(trade.quantity);
  const std::optional<Volume> volume = checked_add(volume_, quantity);
  if (volume) {
    volume_ = *volume;
    const std::optional<Money> notional = checked_notional(trade.price, trade.quantity);
    const std::optional<Money> turnover = notional ? checked_add(tape_.turnover, *notional) : std::nullopt;
    if (turnover) tape_.turnover = *turnover;
    if (!turnover) turnover_overflowed_ = true;
    if (trade.side == Side::buy) buy_volume_ += quantity;
  } else {
    overflowed_ = true;
  }
  if (trades_ == std::numeric_limits<std::uint32_t>::max()) {
    overflowed_ = true;
  } else {
    ++trades_;
  }
}

Tape CandleAccumulator::tape(Timestamp open_time, Duration interval, Price last_close) const {
  Tape tape = tape_;
  tape.known = !turnover_overflowed_;
  if (empty()) {
    tape.longest_pause = interval;
    return tape;
  }
  if (last_close.is_positive() && open_ > last_close) ++tape.up_ticks;
  if (last_close.is_positive() && open_ < last_close) ++tape.down_ticks;
  tape.longest_pause = std::max({tape.longest_pause, first_time_ - open_time, open_time + interval - last_time_});
  return tape;
}

Candle CandleAccumulator::finish(Timestamp open_time, Duration interval, bool complete, Price last_close) const {
  Candle candle;
  candle.open_time = open_time;
  candle.open = open_;
  candle.high = high_;
  candle.low = low_;
  candle.close = close_;
  candle.volume = volume_;
  candle.buy_volume = buy_volume_;
  candle.trades = trades_;
  const bool price_known = !empty() || last_close.is_positive();
  if (!complete || overflowed_ || !price_known) {
    candle.state = CandleState::gap;
  } else if (empty()) {
    candle.state = CandleState::quiet;
    candle.open = candle.high = candle.low = candle.close = last_close;
  }
  if (side_unknown_) {
    candle.buy_volume_known = false;
    candle.buy_volume = {};
  }
  if (candle.state != CandleState::gap) candle.tape = tape(open_time, interval, last_close);
  return candle;
}

void CandleAccumulator::save(StateWriter& out) const {
  out(open_), out(high_), out(low_), out(close_);
  out(volume_), out(buy_volume_), out(trades_);
  out(first_time_), out(last_time_);
  out(tape_.buy_trades), out(tape_.up_ticks), out(tape_.down_ticks);
  out(tape_.largest), out(tape_.turnover), out(tape_.longest_pause);
  out(static_cast<std::uint8_t>(side_unknown_)), out(static_cast<std::uint8_t>(turnover_overflowed_));
  out(static_cast<std::uint8_t>(overflowed_));
}

bool CandleAccumulator::load(StateReader& in) {
  std::uint8_t overflowed = 0, side_unknown = 0, turnover_overflowed = 0;
  in(open_), in(high_), in(low_), in(close_);
  in(volume_), in(buy_volume_), in(trades_);
  in(first_time_), in(last_time_);
  in(tape_.buy_trades), in(tape_.up_ticks), in(tape_.down_ticks);
  in(tape_.largest), in(tape_.turnover), in(tape_.longest_pause);
  in(side_unknown), in(turnover_overflowed);
  side_unknown_ = side_unknown == 1;
  turnover_overflowed_ = turnover_overflowed == 1;
  in(overflowed);
  overflowed_ = overflowed == 1;
  if (!in.ok() || overflowed > 1 || side_unknown > 1 || turnover_overflowed > 1) return false;
  if (empty()) return close_ == Price{} && volume_ == Volume{} && buy_volume_ == Volume{};
  return low_ <= open_ && low_ <= close_ && open_ <= high_ && close_ <= high_ && Volume{} <= buy_volume_ &&
         buy_volume_ <= volume_ && first_time_ <= last_time_ && volume_of(tape_.largest) <= volume_;
}

}  // namespace candled::candles
