// Inference station: adds the prediction of the running model to each closed candle.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "candled/domain/predictor.hpp"
#include "candled/engine/load_model.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "engine/station.hpp"

namespace candled::engine {

class InferenceStation : public Station {
 public:
  // maximum_age: see model::is_expired; zero: no model grows too old.
  InferenceStation(std::vector<std::string> feature_hashes, Duration maximum_age, flow::Receiver in, flow::Sender out,
                   EngineStatistics& statistics);

  // The model that ran at the checkpoint; an error when it cannot be loaded any more (the station then has none).
  Result<void> load(const Checkpoint& checkpoint, const LoadModel& load_model);
  void save(Checkpoint& checkpoint) const;
  const std::shared_ptr<const Predictor>& running() const { return predictor_; }

 private:
  Step pass(Event& event) override;
  void take_over(const ModelSwap& model_swap);
  void predict(MarketId market, CandleReport& report);

  const std::vector<std::string> feature_hashes_;  // by market; a model serves the markets that share its hash
  const Duration maximum_age_;
  std::shared_ptr<const Predictor> predictor_;
  EngineStatistics& statistics_;
};

}  // namespace candled::engine
