// Trainer: trains on committed rows beside the conveyor and sends new models to its head.
//
// Works in market time (the newest stored candle), so a sped-up or recorded market trains at its own pace. Driven by a worker
// thread of low priority; every function but request_reload() belongs to that thread once it runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/engine/live_scoring.hpp"
#include "candled/engine/promotion_request.hpp"
#include "candled/engine/training_round.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/counter.hpp"
#include "candled/flow/log.hpp"
#include "candled/flow/shared.hpp"
#include "candled/model/registry.hpp"
#include "candled/model/trainer.hpp"
#include "candled/store/model_reader.hpp"

namespace candled::engine {

struct TrainerSettings {
  bool enabled = true;  // false: trains nothing, but still promotes models on request
  std::filesystem::path database;
  std::filesystem::path model_directory;
  MarketTable markets;  // trains on the first one; the model serves every market with the same candle interval
  std::vector<std::string> features;  // as in EngineSettings
  Duration every = Duration::hours(1);
  Duration window = Duration::days(30);
  std::int64_t minimum_candles = 300;
  model::TrainingSettings training;
  model::PromotionRule promote = model::PromotionRule::better;
  std::size_t keep_models = 0;   // model directories to keep beside those in use; 0: all
  trading::PaperSettings paper;  // what the hold-out's strategies trade with
  std::vector<trading::StrategySettings> strategies;
};

struct TrainerStatistics {
  flow::Counter trainings, failures, reloads;
  flow::Counter promotions;  // model swaps: by training, by hand, and rollbacks
  flow::Counter last_training_ms;
  flow::Shared<LiveReport> live;  // of the newest predictions; updated every few minutes
};

class Trainer {
 public:
  // `control` is a dependency, not owned: the conveyor's second way in.
  Trainer(TrainerSettings settings, flow::Sender& control, flow::Log& log, TrainerStatistics& statistics);
  ~Trainer();

  // For recovery and for itself: loads a model that the features of this build fit.
  LoadModel load_model() const;

  // Before the conveyor starts: the champion is swapped in before the first event, unless it runs already (another may have been
  // promoted while no daemon ran). Without a champion, the newest usable model directory is: a lost database does not lose the
  // models.
  void choose_first_model(const std::string& running_model);

  // One look: serves requests, trains if due, scores now and then. Returns early when asked to stop.
  void work(std::stop_token stop);

  // Any thread or signal handler thread: SIGHUP.
  void request_reload() { reload_requested_.raise(); }

 private:
  struct Window {
    Timestamp newest_end;  // end of the newest stored candle
    bool catching_up = false;
    std::int64_t candles = 0;  // 0 while it is not time for another training
  };
  Window look();
  bool is_time_for_another(Timestamp newest_end) const;
  bool is_due(const Window& window) const;
  void train(const Window& window, std::stop_token stop);
  Result<TrainingRound> round(const Window& window, const model::LoadedModel* champion, std::stop_token stop);
  void settle(TrainingRound round, const std::string& champion);
  void tell(const TrainingRound& round, bool takes_over, const std::string& why) const;
  std::optional<model::LoadedModel> champion_to_beat() const;
  void do_what_is_asked();
  void answer(const PromotionRequest& request);
  void reload();
  void take_over(model::LoadedModel loaded, std::string why);
  void challenge(ModelRecord record);
  void push(ModelSwap model_swap);
  void prune();
  void score();
  Result<model::LoadedModel> load(const std::string& name, std::optional<Duration> horizon = std::nullopt) const;

  const TrainerSettings settings_;
  const store::FeatureListRecord features_;
  flow::Sender& control_;
  flow::Log& log_;
  TrainerStatistics& statistics_;
  flow::Flag reload_requested_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<store::ModelReader> models_;
  std::string running_;                    // the model of the last swap; empty: none
  Timestamp newest_end_;                   // end of the newest stored candle, at the last look
  Duration last_request_look_;             // monotonic
  std::optional<Timestamp> last_score_;    // newest_end_ at that time
  std::optional<Timestamp> last_attempt_;  // newest_end at the last training, or creation of the newest model at start
  bool last_attempt_failed_ = false;
  Timestamp newest_end_before_;  // at the look before this one
};

}  // namespace candled::engine
