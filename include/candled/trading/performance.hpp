// Performance: statistics of a strategy's equity and fills. Streaming: one number an hour is kept, so a year costs 70 KB.
//
// Formulas, samples and the annual scale are defined in docs/trading.md. A figure that cannot be computed (no trade, no variation, too
// short a time) is NaN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "candled/domain/time.hpp"
#include "candled/domain/trading.hpp"

namespace candled::trading {

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

struct Interval95 {
  double low = not_known, high = not_known;
};

struct PerformanceReport {
  Timestamp from, to;  // the first and the last equity point
  double first_equity = not_known, last_equity = not_known;
  double total_return = not_known;       // 0.1 is +10 %
  double annualised_return = not_known;  // NaN below one day
  double market_return = not_known;      // of the price alone, without costs: ideal buy and hold

  Duration sample;                   // the period of the returns below: 1 day, 1 hour, or some candles of a short run
  std::size_t samples = 0;           // returns
  double volatility = not_known;     // annualised
  double sharpe = not_known;         // annualised, risk-free rate 0
  double sortino = not_known;        // annualised, target 0
  double calmar = not_known;         // annualised return / maximum drawdown
  Interval95 total_return_interval;  // 95 % circular block bootstrap of the samples
  Interval95 sharpe_interval;

  double maximum_drawdown = 0;       // fraction below the highest equity so far
  Duration maximum_drawdown_length;  // of that drawdown: from its peak until the equity is back there, or the end
  Duration longest_drawdown;         // of any

  std::size_t fills = 0;
  std::size_t trades = 0;            // sales: each closes a part of the position at its average cost
  double win_rate = not_known;       // sales that earn more than their part of the cost, fees of both sides included
  double profit_factor = not_known;  // what winning sales gained / what losing ones lost; infinite without a loss
  double average_trade_seconds = not_known;  // from the average time of the purchases to the sale, weighted by quantity
  double average_trade_value = not_known;    // quote currency
  double best_trade = not_known, worst_trade = not_known;  // return on cost
  double exposure = not_known;                             // mean of position value / equity
  double time_in_market = not_known;                       // share of the points with a position
  double turnover = not_known;                             // value of all fills / mean equity
  double fees = 0;                                         // quote currency
};

// total return of the one less that of the other; NaN where either is not known.
double return_over(const PerformanceReport& strategy, const PerformanceReport& benchmark);

// One strategy in one market. Events in their order: the fills of a candle come before its equity point.
class Performance {
 public:
  void on_fill(const Fill& fill);
  void on_equity(const EquityPoint& point);

  // May be asked at any time. The seed moves the bootstrap's resamples only.
  PerformanceReport report(std::uint64_t seed = 1) const;
  // Returns of whole samples as report() uses them, oldest first.
  std::vector<double> returns() const;

 private:
  struct Sampled {
    Duration sample;
    std::vector<double> equity;  // at the end of each sample, from the first point on
  };
  Sampled sampled() const;
  void keep(const EquityPoint& point, double equity);
  void track_drawdown(const EquityPoint& point, double equity);
  void sell(const Fill& fill, double value, double fee);

  // Equity: every stride_-th point (1 at first, doubled whenever the list is full), and the last of each hour.
  std::vector<double> early_;
  std::size_t stride_ = 1;
  std::vector<double> hourly_;
  Timestamp hour_;
  std::size_t points_ = 0;
  Timestamp first_time_, last_time_;
  Duration interval_;  // between the first two points
  double first_equity_ = 0, last_equity_ = 0, first_price_ = 0, last_price_ = 0;
  double equity_sum_ = 0, exposure_sum_ = 0;
  std::size_t points_with_position_ = 0;

  // Drawdown under way and the worst.
  double peak_ = 0, deepest_here_ = 0, deepest_ = 0;
  Timestamp peak_time_;
  Duration deepest_length_, longest_;

  // The position at average cost, fees included.
  double position_ = 0, cost_ = 0,
         bought_at_s_ = 0;  // bought_at_s_: average time of the purchases, seconds since the first fill
  std::optional<Timestamp> first_fill_;
  std::size_t fills_ = 0, sales_ = 0, wins_ = 0;
  double gains_ = 0, losses_ = 0, held_s_ = 0, sold_ = 0, sold_value_ = 0, traded_value_ = 0, fees_ = 0;
  double best_ = not_known, worst_ = not_known;
};

}  // namespace candled::trading
