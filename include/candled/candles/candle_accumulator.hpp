// CandleAccumulator: the prices and sums of one candle while trades are added to it in id order.
//
// The one place that turns trades into a candle: the live builder and the repair of a past stretch share it.
#pragma once

#include "candled/domain/candle.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/trade.hpp"

namespace candled::candles {

class CandleAccumulator {
 public:
  // Open and close follow the order of the calls, so trades come in id order.
  void add(const Trade& trade);

  bool empty() const { return trades_ == 0; }
  Price close() const { return close_; }  // 0 while empty

  // The finished candle. It is
  //   gap     if `complete` is false or a sum did not fit: with the prices that are known, all 0 if none is;
  //   quiet   if nothing was added: flat at last_close; `gap` if last_close is 0, which means not known;
  //   traded  otherwise.
  Candle finish(Timestamp open_time, Duration interval, bool complete, Price last_close) const;

  void save(StateWriter& out) const;
  // False if the bytes are short or can't have come from save().
  bool load(StateReader& in);

 private:
  Tape tape(Timestamp open_time, Duration interval, Price last_close) const;

  Price open_, high_, low_, close_;
  Volume volume_, buy_volume_;
  std::uint32_t trades_ = 0;
  bool side_unknown_ = false;         // of at least one trade
  bool turnover_overflowed_ = false;  // the tape is not known then
  Timestamp first_time_, last_time_;
  Tape tape_;                // its first watermark and its pauses at the edges are finish()'s
  bool overflowed_ = false;  // a trade was left out of the sums because they would not have fitted
};

}  // namespace candled::candles
