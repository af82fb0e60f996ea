// BacktestLine: the daemon's stations up to inference on the caller's thread, with a second way in behind the candle station for
// candles whose trades are not known. TradingLine: the trading station alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "candled/domain/event.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/pipeline.hpp"
#include "engine/candle_station.hpp"
#include "engine/feature_station.hpp"
#include "engine/inference_station.hpp"
#include "engine/sink.hpp"
#include "engine/trading_station.hpp"

namespace candled::engine {

class BacktestLine {
 public:
  // Takes each event that leaves inference.
  using Take = std::function<void(Event&& event)>;

  // The settings are not owned. Candles that open before `decide_from` are marked as stale: nothing is decided on them.
  BacktestLine(const EngineSettings& settings, Timestamp decide_from, Take take);
  ~BacktestLine();

  // A candle station that knows nothing yet: what it closes before `from` is dropped.
  void begin_trades(Timestamp from);
  // A head event for the candle station.
  void push(Event event);
  // Behind the candle station.
  void push_candle(std::unique_ptr<CandleReport> report);
  void push_behind_candles(Event event);
  void take_over(std::shared_ptr<const Predictor> predictor);
  // Until everything that was pushed has left.
  void drain();

  std::int64_t candles_made() const { return candles_made_; }  // by the candle station, from decide_from on

 private:
  class Gate;
  bool lets_pass(Event& event);

  const EngineSettings& settings_;
  const Timestamp decide_from_;
  EngineStatistics statistics_;
  std::optional<flow::Sender> in_;
  std::optional<CandleStation> candles_;
  std::unique_ptr<Gate> gate_;     // behind the candle station, where candles without trades come in
  bool in_front_of_gate_ = false;  // something was pushed there since the last drain
  Timestamp trades_from_;
  std::int64_t sequence_ = 0;
  std::int64_t candles_made_ = 0;
  flow::Channel to_features_, to_inference_, out_;
  FeatureStation features_;
  InferenceStation inference_;
  Sink sink_;
  flow::Pipeline pipeline_;
};

class TradingLine {
 public:
  using Visitor = std::function<void(const Event& event)>;
  TradingLine(const EngineSettings& settings, Visitor visitor);
  void push(Event event);
  // Until the visitor has seen everything that was pushed.
  void drain();

 private:
  EngineStatistics statistics_;
  flow::Channel in_, out_;
  TradingStation trading_;
  Sink sink_;
  flow::Pipeline pipeline_;
};

}  // namespace candled::engine
