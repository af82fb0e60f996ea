// BacktestPlan: what the command line and the config ask for, found, loaded and checked: ready to run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/backtest/report.hpp"
#include "app/backtest/walk_forward.hpp"
#include "app/commands.hpp"
#include "candled/app/config.hpp"
#include "candled/engine/backtest.hpp"
#include "candled/flow/log.hpp"

namespace candled::app {

struct BacktestPlan {
  engine::EngineSettings settings;
  Timestamp from, to;
  std::shared_ptr<const Predictor> predictor;
  std::unique_ptr<WalkForward> walk_forward;
  std::unique_ptr<store::HistoryReader> reader;  // of the source, where that is the database
  std::unique_ptr<engine::HistorySource> source;
  BacktestReport report;  // what is known before the run

  engine::BacktestRequest request() const { return {.settings = settings, .from = from, .to = to, .predictor = predictor, .learner = walk_forward.get()}; }
};

// Throws ConfigError for what must be asked for in another way (exit 2). Errors: no data, a model that cannot be used.
Result<BacktestPlan> plan_backtest(const Config& config, const BacktestOptions& options, flow::Log& log);

// The strategies of these names: those of the config, or a kind by its own name with its defaults; none: all of the config. The
// benchmarks stand at the end. Throws ConfigError.
std::vector<trading::StrategySettings> chosen_strategies(const Config& config, const std::vector<std::string>& names);

}  // namespace candled::app
