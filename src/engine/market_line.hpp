// MarketLine: the four market stations in a row, from a numbered head event to everything that it causes.
//
//   in ─► candles ─► features ─► inference ─► trading ─► out
//
// The conveyor runs it between the head and the journal, verify and backtest run it by themselves: the same stages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "candled/domain/model_swap.hpp"
#include "candled/engine/load_model.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/reader.hpp"
#include "engine/candle_station.hpp"
#include "engine/feature_station.hpp"
#include "engine/inference_station.hpp"
#include "engine/trading_station.hpp"

namespace candled::engine {

class MarketLine {
 public:
  // Settings and statistics are not owned.
  MarketLine(const EngineSettings& settings, flow::Receiver in, flow::Sender out, EngineStatistics& statistics);

  // Every station as it was at the checkpoint. A feature state that cannot be used is rebuilt from the candles stored up to
  // there; a model that cannot be loaded is missed with a warning. An error names the state that cannot be used. Returns the names
  // of the markets whose features were rebuilt from at least one candle.
  Result<std::vector<std::string>> load(const Checkpoint& checkpoint, std::int64_t checkpoint_sequence,
                                        const store::Reader& reader, const LoadModel& load_model, flow::Log& log);

  // The states of all stations between two events.
  void save(Checkpoint& checkpoint) const;

  // Whether the states that cannot be rebuilt from stored rows (candles, trading) can be read.
  static Result<void> check(const EngineSettings& settings, const Checkpoint& checkpoint);
  // The feature states again, from the candles stored up to the head event of this number.
  void rebuild_features(const store::Reader& reader, std::int64_t sequence);

  // In the order of the line; valid as long as this object.
  std::vector<flow::Stage*> stages();
  std::vector<flow::Stage*> stages_and(flow::Stage& last);
  const std::shared_ptr<const Predictor>& running() const { return inference_.running(); }
  TradingStation& trading() { return trading_; }

 private:
  struct Channels;
  MarketLine(const EngineSettings& settings, flow::Receiver in, flow::Sender out, EngineStatistics& statistics,
             Channels between);

  const EngineSettings& settings_;
  CandleStation candles_;
  FeatureStation features_;
  InferenceStation inference_;
  TradingStation trading_;
};

}  // namespace candled::engine
