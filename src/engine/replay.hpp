// Replay: the market line on the caller's thread: head events in, everything that comes of them to a visitor, nothing written.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/pipeline.hpp"
#include "engine/market_line.hpp"
#include "engine/sink.hpp"

namespace candled::engine {

class Replay {
 public:
  // Sees every event that leaves the line, derived ones in front of their cause.
  using Visitor = std::function<void(const Event& event)>;

  Replay(const EngineSettings& settings, Visitor visitor);

  // See MarketLine::load; without it every station is fresh.
  Result<std::vector<std::string>> load(const Checkpoint& checkpoint, std::int64_t checkpoint_sequence,
                                        const store::Reader& reader, const LoadModel& load_model, flow::Log& log);
  // A numbered head event.
  void push(Event event);
  // Until every event that was pushed has been visited.
  void drain();
  // The states of all stations at this place; drains.
  Checkpoint checkpoint();

 private:
  void take(Event&& event);

  const EngineSettings settings_;
  const Visitor visitor_;
  EngineStatistics statistics_;
  flow::Channel in_, out_;
  MarketLine line_;
  Sink sink_;
  flow::Pipeline pipeline_;
  std::vector<std::pair<std::string, std::string>> states_;  // of the last checkpoint that came out
};

}  // namespace candled::engine
