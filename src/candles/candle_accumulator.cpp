#include "candled/candles/candle_accumulator.hpp"

#include <algorithm>
#include <limits>

namespace candled::candles {

void CandleAccumulator::add(const Trade& trade) {
  if (empty()) {
    open_ = high_ = low_ = trade.price;
  } else {
    high_ = std::max(high_, trade.price);
    low_ = std::min(low_, trade.price);
  }
  close_ = trade.price;

  // buy_volume_ is part of volume_, so it fits where the volume does.
  const std::optional<Quantity> volume = checked_add(volume_, trade.quantity);
  if (volume) {
    volume_ = *volume;
    if (trade.side == Side::buy) buy_volume_ += trade.quantity;
  } else {
    overflowed_ = true;
  }
  if (trades_ == std::numeric_limits<std::uint32_t>::max()) {
    overflowed_ = true;
  } else {
    ++trades_;
  }
}

Candle CandleAccumulator::finish(Timestamp open_time, bool complete, Price last_close) const {
  Candle candle{.open_time = open_time, .open = open_, .high = high_, .low = low_, .close = close_,
                .volume = volume_, .buy_volume = buy_volume_, .trades = trades_, .state = CandleState::traded};
  const bool price_known = !empty() || last_close.units() > 0;
  if (!complete || overflowed_ || !price_known) {
    candle.state = CandleState::gap;
  } else if (empty()) {
    candle.state = CandleState::quiet;
    candle.open = candle.high = candle.low = candle.close = last_close;
  }
  return candle;
}

void CandleAccumulator::save(StateWriter& out) const {
  out(open_), out(high_), out(low_), out(close_);
  out(volume_), out(buy_volume_), out(trades_);
  out(static_cast<std::uint8_t>(overflowed_));
}

bool CandleAccumulator::load(StateReader& in) {
  std::uint8_t overflowed = 0;
  in(open_), in(high_), in(low_), in(close_);
  in(volume_), in(buy_volume_), in(trades_);
  in(overflowed);
  overflowed_ = overflowed == 1;
  if (!in.ok() || overflowed > 1) return false;
  if (empty()) return close_ == Price{} && volume_ == Quantity{} && buy_volume_ == Quantity{};
  return low_ <= open_ && low_ <= close_ && open_ <= high_ && close_ <= high_ && Quantity{} <= buy_volume_ &&
         buy_volume_ <= volume_;
}

}  // namespace candled::candles
