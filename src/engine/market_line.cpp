#include "engine/market_line.hpp"

#include <string>
#include <utility>

#include "candled/engine/conveyor.hpp"

namespace candled::engine {
namespace {

std::vector<std::string> feature_hashes(const EngineSettings& settings) {
  std::vector<std::string> hashes;
  for (const store::FeatureListRecord& list : feature_lists(settings.markets, settings.features))
    hashes.push_back(list.hash);
  return hashes;
}

}  // namespace

// The channels between the stations.
struct MarketLine::Channels {
  explicit Channels(std::size_t capacity)
      : features(flow::make_channel(capacity)),
        inference(flow::make_channel(capacity)),
        trading(flow::make_channel(capacity)) {}
  flow::Channel features, inference, trading;  // named after the station that reads it
};

MarketLine::MarketLine(const EngineSettings& settings, flow::Receiver in, flow::Sender out,
                       EngineStatistics& statistics)
    : MarketLine(settings, std::move(in), std::move(out), statistics, Channels(settings.queue_capacity)) {}

MarketLine::MarketLine(const EngineSettings& settings, flow::Receiver in, flow::Sender out,
                       EngineStatistics& statistics, Channels between)
    : settings_(settings),
      candles_(settings, std::move(in), std::move(between.features.sender), statistics),
      features_(settings, std::move(between.features.receiver), std::move(between.inference.sender)),
      inference_(feature_hashes(settings), settings.maximum_model_age, std::move(between.inference.receiver),
                 std::move(between.trading.sender), statistics),
      trading_(settings, std::move(between.trading.receiver), std::move(out), statistics) {}

Result<std::vector<std::string>> MarketLine::load(const Checkpoint& checkpoint, std::int64_t checkpoint_sequence,
                                                  const store::Reader& reader, const LoadModel& load_model,
                                                  flow::Log& log) {
  std::vector<std::string> rebuilt;
  if (Result<void> loaded = candles_.load(checkpoint); !loaded) return std::unexpected(loaded.error());
  for (const Market& market : settings_.markets) {
    if (Result<void> loaded = features_.load(checkpoint, market); !loaded) {
      const std::int64_t candles = features_.rebuild(market, reader, checkpoint_sequence);
      if (candles > 0)
        log.info("feature state made anew", {{"candles", std::to_string(candles)}, {"why", loaded.error().message}});
      if (candles > 0) rebuilt.push_back(market.name());
    }
  }
  if (Result<void> loaded = inference_.load(checkpoint, load_model); !loaded) {
    log.warning("the model that ran last cannot be loaded",
                {{"why", loaded.error().message}, {"next", "no predictions until another takes over"}});
  }
  if (Result<void> loaded = trading_.load(checkpoint); !loaded) return std::unexpected(loaded.error());
  return rebuilt;
}

Result<void> MarketLine::check(const EngineSettings& settings, const Checkpoint& checkpoint) {
  EngineStatistics statistics;
  flow::Channel before = flow::make_channel(1), between = flow::make_channel(1), behind = flow::make_channel(1);
  CandleStation candles(settings, std::move(before.receiver), std::move(between.sender), statistics);
  if (Result<void> loaded = candles.load(checkpoint); !loaded) return loaded;
  return TradingStation(settings, std::move(between.receiver), std::move(behind.sender), statistics).load(checkpoint);
}

void MarketLine::save(Checkpoint& checkpoint) const {
  candles_.save(checkpoint);
  features_.save(checkpoint);
  inference_.save(checkpoint);
  trading_.save(checkpoint);
}

void MarketLine::rebuild_features(const store::Reader& reader, std::int64_t sequence) {
  for (const Market& market : settings_.markets) features_.rebuild(market, reader, sequence);
}

std::vector<flow::Stage*> MarketLine::stages() { return {&candles_, &features_, &inference_, &trading_}; }

std::vector<flow::Stage*> MarketLine::stages_and(flow::Stage& last) {
  return {&candles_, &features_, &inference_, &trading_, &last};
}

}  // namespace candled::engine
