// Hold-out trading: what strategies would have earned on a model's predictions, candle by candle, with all costs. Orders fill at
// the close they were decided on (the rows hold no trades), worsened by spread and slippage; a backtest on trades is stricter.
#pragma once

#include <span>
#include <vector>

#include "candled/model/trainer.hpp"
#include "candled/model/training_rows.hpp"
#include "candled/trading/paper_settings.hpp"
#include "candled/trading/strategy.hpp"

namespace candled::engine {

// Equity of each strategy after each predicted candle; position 0 is the starting balance.
struct HoldoutEquity {
  std::vector<std::string> names;                // of the strategies, in order
  std::vector<std::vector<double>> of_strategy;  // one series a strategy, all of the same length
  std::vector<std::size_t> fills;
};
HoldoutEquity trade_holdout(const model::TrainingRows& rows, const model::HoldoutPredictions& holdout,
                            const trading::PaperSettings& paper, std::span<const trading::StrategySettings> strategies);

// The same in the form of the card: net returns beside buy and hold. Without the two benchmarks.
std::vector<model::StrategyResult> strategy_results(const model::TrainingRows& rows,
                                                    const model::HoldoutPredictions& holdout,
                                                    const trading::PaperSettings& paper,
                                                    std::span<const trading::StrategySettings> strategies);

}  // namespace candled::engine
