// SyntheticTape: a market made up minute by minute from a seed; see SyntheticMarket for what is in it.
#pragma once

#include <vector>

#include "candled/simulator/tape.hpp"
#include "simulator/instrument.hpp"
#include "simulator/random.hpp"

namespace candled::simulator {

class SyntheticTape final : public Tape {
 public:
  // The first trade comes at or after `begin`.
  SyntheticTape(const SyntheticMarket& settings, const Instrument& instrument, Timestamp begin);
  const Trade* peek() override;
  void next() override { ++position_; }

 private:
  bool make_minute();
  void advance_mood();
  // Appends one taker order of at most `fills_max` fills.
  void make_order(Timestamp time, double fair_price, std::size_t fills_max);
  Trade make_fill(Timestamp time, double price, Side side, OrderType type);

  SyntheticMarket settings_;
  Random random_;
  Timestamp minute_;
  Timestamp end_;
  std::int64_t next_id_;
  std::int64_t trades_left_;
  double tick_;              // smallest price step
  std::int64_t tick_units_;  // the same in units of Price

  // All in logarithms; drift and swing are returns per minute.
  double log_price_;         // the random walk with its drift
  double overreaction_ = 0;  // added to it, and on its way back
  double drift_ = 0;
  double log_volatility_ = 0;  // around the configured one
  int quiet_left_ = 0;         // minutes of the present quiet group

  std::vector<Trade> trades_;  // of the present minute
  std::vector<std::int64_t> moments_ns_;
  std::size_t position_ = 0;
};

}  // namespace candled::simulator
