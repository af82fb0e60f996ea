// BacktestPlan: what the command line and the config ask for, loaded, checked and ready to run.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/config/config.hpp"
#include "candled/engine/backtest.hpp"
#include "candled/flow/log.hpp"
#include "candled/report/report.hpp"
#include "candled/report/walk_forward.hpp"

namespace candled::report {

// What to run: the stored past, or that of files.
struct BacktestOptions {
  std::optional<Timestamp> from, to;         // `to` is exclusive; absent: all there is
  std::string model;                         // its name; empty: the champion
  bool walk_forward = false;                 // retrain during the backtest
  bool in_sample = false;                    // the period may overlap the model's training data
  std::vector<std::string> strategies;       // names of the config, or kinds; empty: all of the config
  std::vector<std::filesystem::path> files;  // instead of the database
  std::optional<Duration> candle_interval;   // of files that do not say
  std::filesystem::path models;              // where a walk-forward keeps its models; empty: nowhere
  std::filesystem::path html;                // report; empty: none
  std::vector<std::string> sweeps;           // "strategy.dynamic.enter=0.52..0.60:0.01"
  bool as_json = false;
};

struct BacktestPlan {
  engine::EngineSettings settings;
  Timestamp from, to;
  std::shared_ptr<const Predictor> predictor;
  std::unique_ptr<WalkForward> walk_forward;
  std::unique_ptr<store::HistoryReader> reader;  // of the source, where that is the database
  std::unique_ptr<engine::HistorySource> source;
  BacktestReport report;  // what is known before the run

  engine::BacktestRequest request() const {
    return {.settings = settings, .from = from, .to = to, .predictor = predictor, .learner = walk_forward.get()};
  }
};

// Throws ConfigError for wrong usage (exit 2). Errors: no data, a model that cannot be used.
Result<BacktestPlan> plan_backtest(const config::Config& config, const BacktestOptions& options, flow::Log& log);

// The strategies of these names: those of the config, or a kind by its own name with its defaults; none: all of the config. The
// benchmarks come last. Throws ConfigError.
std::vector<trading::StrategySettings> chosen_strategies(const config::Config& config,
                                                         const std::vector<std::string>& names);

}  // namespace candled::report
