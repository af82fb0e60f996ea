#include "candled/engine/holdout_trading.hpp"

#include <algorithm>

#include "candled/domain/prediction.hpp"
#include "candled/trading/paper_trading.hpp"

namespace candled::engine {
namespace {

constexpr std::size_t stop_stride = 256;  // candles
constexpr const char* buy_and_hold = "buy_and_hold";
constexpr const char* flat = "flat";

CandleReport report_of(const model::TrainingRows& rows, std::size_t row) {
  CandleReport report;
  Candle& candle = report.candle;
  candle.open_time = rows.open_times[row];
  candle.open = candle.high = candle.low = candle.close = rows.closes[row];
  if (!rows.highs.empty()) candle.high = rows.highs[row];
  if (!rows.lows.empty()) candle.low = rows.lows[row];
  candle.state = rows.states[row];
  report.end = report.decision_time = report.closed = candle.open_time + rows.interval;
  return report;
}

Prediction prediction_of(double probability_up, const SignalThresholds& thresholds, Duration horizon) {
  Prediction prediction;
  prediction.probability_up = probability_up;
  prediction.horizon = horizon;
  prediction.signal = signal_of(probability_up, thresholds);
  return prediction;
}

double change(double from, double to) { return from > 0 ? to / from - 1 : 0; }

}  // namespace

HoldoutEquity trade_holdout(const model::TrainingRows& rows, const model::HoldoutPredictions& holdout,
                            const trading::PaperSettings& paper,
                            std::span<const trading::StrategySettings> strategies) {
  trading::PaperSettings at_close = paper;
  at_close.latency = Duration{};
  trading::PaperTrading desk(at_close, strategies, rows.interval);
  const double start = static_cast<double>(paper.starting_balance.units());
  HoldoutEquity equity;
  equity.of_strategy.assign(strategies.size(), {start});
  equity.fills.assign(strategies.size(), 0);
  for (const trading::StrategySettings& strategy : strategies) equity.names.push_back(strategy.name);
  if (holdout.open_times.empty()) return equity;
  std::vector<Fill> fills;
  std::size_t next = 0;
  const auto first = std::ranges::lower_bound(rows.open_times, holdout.open_times.front());
  for (auto row = static_cast<std::size_t>(first - rows.open_times.begin());
       row < rows.size() && next < holdout.open_times.size(); ++row) {
    if (row % stop_stride == 0 && asked_to(holdout.stop)) break;
    CandleReport report = report_of(rows, row);
    const bool predicted = rows.open_times[row] == holdout.open_times[next];
    if (predicted) report.prediction = prediction_of(holdout.probabilities[next], holdout.thresholds, holdout.horizon);
    desk.on_candle(report, fills);
    for (const Fill& fill : fills) ++equity.fills[index_of(fill.strategy)];
    fills.clear();
    if (!predicted) continue;
    ++next;
    for (std::vector<double>& series : equity.of_strategy) series.push_back(series.back());
    for (const EquityPoint& point : report.equity) {
      equity.of_strategy[index_of(point.strategy)].back() = static_cast<double>(point.equity.units());
    }
  }
  return equity;
}

std::vector<model::StrategyResult> strategy_results(const model::TrainingRows& rows,
                                                    const model::HoldoutPredictions& holdout,
                                                    const trading::PaperSettings& paper,
                                                    std::span<const trading::StrategySettings> strategies) {
  std::vector<trading::StrategySettings> all(strategies.begin(), strategies.end());
  const auto holds = [](const trading::StrategySettings& strategy) { return strategy.kind == buy_and_hold; };
  if (std::ranges::none_of(all, holds)) all.push_back({buy_and_hold, buy_and_hold, {}});
  const HoldoutEquity equity = trade_holdout(rows, holdout, paper, all);
  const auto returned = [&](std::size_t i) {
    return change(equity.of_strategy[i].front(), equity.of_strategy[i].back());
  };
  const auto benchmark = static_cast<std::size_t>(std::ranges::find_if(all, holds) - all.begin());
  std::vector<model::StrategyResult> results;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind == buy_and_hold || all[i].kind == flat) continue;
    results.push_back({all[i].name, returned(i), returned(benchmark), equity.fills[i]});
  }
  return results;
}

}  // namespace candled::engine
