// ExpectedMove: how far the price moves over a horizon, from the closes of one market.
//
// The mean absolute return of a candle, exponentially weighted over about 60 candles, scaled by the root of the number of
// candles (a random walk). Times |2p - 1|, the mean of a move that is up with probability p, it is what a prediction expects.
// Returns over gaps are left out. Doubles: it gates trades and never is money.
#pragma once

#include <optional>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/time.hpp"

namespace candled::trading {

class ExpectedMove {
 public:
  explicit ExpectedMove(Duration interval) : interval_(interval) {}

  // close 0: a gap.
  void on_close(Price close);
  // Fraction of the price; empty before 30 returns.
  std::optional<double> over(Duration horizon, double probability_up) const;

  void save(StateWriter& out) const { out(last_close_), out(mean_), out(returns_); }
  bool load(StateReader& in);

 private:
  Duration interval_;
  Price last_close_;
  double mean_ = 0;
  std::int64_t returns_ = 0;
};

}  // namespace candled::trading
