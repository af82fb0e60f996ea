// Trainer: learns from committed rows beside the conveyor and sends new models in at its head.
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
#include "candled/flow/channel.hpp"
#include "candled/flow/counter.hpp"
#include "candled/flow/log.hpp"
#include "candled/model/registry.hpp"
#include "candled/model/trainer.hpp"

namespace candled::engine {

struct TrainerSettings {
  bool enabled = true;
  std::filesystem::path database;
  std::filesystem::path model_directory;
  MarketTable markets;  // learns from the first one; the model serves every market with the same candle interval
  std::vector<std::string> features;  // as in EngineSettings
  Duration every = Duration::hours(1);
  Duration window = Duration::days(30);
  std::int64_t minimum_candles = 300;
  model::TrainingSettings training;
};

struct TrainerStatistics {
  flow::Counter trainings, failures, reloads;
  flow::Counter last_training_ms;
};

class Trainer {
 public:
  // `control` is lent: the conveyor's second way in.
  Trainer(TrainerSettings settings, flow::Sender& control, flow::Log& log, TrainerStatistics& statistics);
  ~Trainer();

  // For recovery and for itself: loads a model that the features of this build fit.
  LoadModel load_model() const;

  // Before the conveyor starts: if nothing runs yet, the champion of the registry, or else the newest usable model directory
  // (a registry that was lost does not lose its models), takes over ahead of the first event.
  void choose_first_model(const std::string& running_model);

  // One look: reloads the champion if asked to, trains if it is due. Returns early when asked to stop.
  void work(std::stop_token stop);

  // Any thread or signal handler thread: SIGHUP.
  void request_reload() { reload_requested_.raise(); }

 private:
  struct Window {
    Timestamp newest_end;  // end of the newest stored candle
    bool catching_up = false;
    std::int64_t candles = 0;
  };
  Window look();
  bool is_due(const Window& window) const;
  void train(const Window& window, std::stop_token stop);
  void reload();
  void take_over(model::LoadedModel loaded, bool is_new);
  Result<model::LoadedModel> load(const std::string& name) const;

  const TrainerSettings settings_;
  const store::FeatureListRecord features_;
  flow::Sender& control_;
  flow::Log& log_;
  TrainerStatistics& statistics_;
  flow::Flag reload_requested_;
  std::unique_ptr<store::Reader> reader_;
  std::optional<Timestamp> last_attempt_;  // newest_end at the last training, or creation of the champion at start
  bool last_attempt_failed_ = false;
  Timestamp newest_end_before_;            // at the look before this one
};

}  // namespace candled::engine
