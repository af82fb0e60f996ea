// BacktestResult: the result of a backtest, and BacktestTally, which computes it from the events that leave the trading station.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/engine/backtest.hpp"
#include "candled/engine/settings.hpp"
#include "candled/model/metrics.hpp"
#include "candled/trading/performance.hpp"

namespace candled::engine {

// The predictions of the period against their outcomes. Figures are NaN if no outcome is known.
struct PredictionScore {
  std::int64_t predictions = 0;  // made
  std::int64_t rows = 0;         // of which the outcome is known
  double accuracy = trading::not_known, up_share = trading::not_known;
  double majority = trading::not_known;        // always the more frequent outcome of the period
  double last_direction = trading::not_known;  // always the direction of the last horizon
  double log_loss = trading::not_known, base_rate_log_loss = trading::not_known, brier = trading::not_known,
         auc = trading::not_known;
  double skill = trading::not_known;  // base_rate_log_loss - log_loss
  trading::Interval95 accuracy_interval, log_loss_interval, skill_interval, brier_interval;  // 95 % block bootstrap
  std::vector<model::CalibrationBin> calibration;  // ten of equal size, by rising probability
};

struct MonthReturn {
  Timestamp month;  // its first instant, UTC
  double value = 0;
};

struct StrategyResult {
  std::string name, kind;
  trading::PerformanceReport performance;
  std::vector<double> returns;      // of performance.sample
  std::vector<MonthReturn> months;  // of every month that has a point; the first from the first point on
  std::vector<EquityPoint> equity;  // the first, then the last of each step; the last
  std::vector<Fill> fills;          // the first fills_kept_max of all strategies together
  std::int64_t orders = 0, rejected = 0;
};

struct BacktestResult {
  std::int64_t traded = 0, quiet = 0, gaps = 0;
  std::int64_t missing = 0;  // candles of the period of which nothing is stored
  Duration equity_step;
  PredictionScore predictions;
  std::vector<StrategyResult> strategies;  // in the order of the settings
  std::int64_t fills_left_out = 0;         // of those counted, beyond fills_kept_max

  std::int64_t candles() const { return traded + quiet + gaps; }
  double gap_share() const;  // unknown and missing candles, of all that the period has
};

class BacktestTally {
 public:
  static constexpr std::int64_t fills_kept_max = 500'000;

  // strategies: of the run, in its order.
  BacktestTally(const std::vector<trading::StrategySettings>& strategies, Timestamp from, Timestamp to,
                Duration interval);
  ~BacktestTally();

  void see(const Event& event);
  // Once, at the end.
  BacktestResult result();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::engine
