// WalkForward: trains while a backtest runs, on the schedule of [training], on the past only.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "candled/config/config.hpp"
#include "candled/engine/backtest.hpp"
#include "candled/engine/training_round.hpp"
#include "candled/report/report.hpp"
#include "candled/store/journal_writer.hpp"

namespace candled::report {

class WalkForward : public engine::BacktestLearner {
 public:
  // No training before `from`, nor for a time from `to` on. The models go to `directory`; an empty one means a folder that is deleted with this object.
  WalkForward(const config::Config& config, const engine::EngineSettings& settings, Timestamp from, Timestamp to,
              std::filesystem::path directory);
  ~WalkForward() override;

  Result<std::shared_ptr<const Predictor>> see(const CandleReport& report) override;
  // Asked during a training; true cancels it.
  void stop_when(std::function<bool()> stop) { stop_ = std::move(stop); }

  const std::vector<WalkForwardRound>& rounds() const { return rounds_; }
  const std::filesystem::path& directory() const { return directory_; }
  const std::optional<model::LoadedModel>& champion() const { return champion_; }
  const std::vector<model::FeatureImportance>& importance() const { return importance_; }  // of the champion

 private:
  void add(const CandleReport& report);
  void trim(Timestamp from);
  bool is_due(Timestamp end) const;
  Result<std::shared_ptr<const Predictor>> train(Timestamp end);

  const engine::LearningSettings training_;
  const Timestamp from_, to_;
  const Duration interval_;
  std::filesystem::path directory_;
  const bool is_temporary_;
  engine::RoundSettings round_;
  model::TrainingRows rows_;
  std::vector<WalkForwardRound> rounds_;
  std::optional<model::LoadedModel> champion_;
  std::vector<model::FeatureImportance> importance_;
  std::optional<Timestamp> last_attempt_;
  bool last_attempt_failed_ = false;
  std::function<bool()> stop_;
};

}  // namespace candled::report
