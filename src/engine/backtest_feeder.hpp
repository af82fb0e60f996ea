// BacktestFeeder: two streams of the past, trades and candles, as the head events that the daemon would have seen.
#pragma once

#include <cstdint>
#include <optional>

#include "candled/engine/backtest.hpp"
#include "engine/backtest_line.hpp"

namespace candled::engine {

class BacktestFeeder {
 public:
  // All are not owned. between: called behind each candle, when everything that was pushed has left the line.
  using Between = std::function<Result<void>(Timestamp reached)>;
  BacktestFeeder(HistorySource& source, const BacktestRequest& request, BacktestLine& line, Between between);

  Result<void> run();
  const BacktestCounts& counts() const { return counts_; }

 private:
  Result<void> finish();
  Result<void> read_trade();
  Result<void> read_candle();
  Result<void> feed_trade();
  Result<void> feed_candle();
  void begin_stretch(Timestamp begin);
  Result<void> end_stretch(Timestamp until);
  Result<void> take_covered_candles(Timestamp until);
  bool sequence_gap_before(const Trade& trade) const;
  void push_sequence_gap(const Trade& trade);
  Result<void> watermark_until(Timestamp time);
  void push_watermark(Timestamp time);
  void push_trade(const Trade& trade);
  void push_candle_alone();
  void trade_within(const Candle& candle);
  Result<void> done_with_candle(Timestamp end);

  HistorySource& source_;
  const BacktestRequest& request_;
  BacktestLine& line_;
  const Between between_;
  const Market& market_;
  const Duration interval_, grace_;

  std::optional<store::HistoryCandle> candle_;  // the next of each stream
  std::optional<Trade> trade_;
  std::optional<Trade> last_trade_;  // the last one read, of which the next is known to follow
  bool in_stretch_ = false;          // the candles come from trades
  Timestamp next_close_;             // in a stretch: end of the candle that is open
  std::optional<Timestamp> known_to_,
      gap_to_;  // in a stretch: end of the last stored candle that was passed, and of the last gap
  std::optional<Timestamp> last_alone_;  // open time of the last candle that went in by itself
  Price last_close_;                     // of the candles that went in by themselves; 0: not known
  BacktestCounts counts_;
};

}  // namespace candled::engine
