// PredictionTally: predictions wait for the candle that tells how they came out.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "candled/domain/candle_report.hpp"
#include "candled/engine/backtest_result.hpp"

namespace candled::engine {

class PredictionTally {
 public:
  explicit PredictionTally(Duration interval) : interval_(interval) {}
  void see(const CandleReport& report);
  PredictionScore score() const;

 private:
  struct Seen {
    Timestamp open_time;
    Price close;  // 0 for a gap
    double probability_up;
    Duration horizon;  // 0: no prediction
  };
  struct Row {
    float probability_up;
    bool up, went_up;  // went_up: over the horizon in front of it
  };
  std::optional<Price> close_at(Timestamp open_time) const;
  void rank(PredictionScore& score) const;  // what needs the order of the probabilities

  const Duration interval_;
  std::deque<Seen> seen_;  // of the last two horizons
  std::vector<Row> rows_;
  std::int64_t predictions_ = 0;
  Duration horizon_;
};

}  // namespace candled::engine
