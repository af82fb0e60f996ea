// Assembly: from the config to the settings of each room.
#pragma once

#include <vector>

#include "candled/config/config.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/engine/past_runs.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/trainer.hpp"
#include "candled/ingest/feed.hpp"
#include "candled/ingest/history.hpp"
#include "candled/model/trainer.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"

namespace candled::config {

// How a model is trained; no parent, no strategies.
model::TrainingSettings training_settings(const Config& config);
// The configured strategies and the benchmarks that always run beside them. Position i is StrategyId i.
std::vector<trading::StrategySettings> strategy_settings(const Config& config);
// Costs of [paper] overridden by the exchange's fees, and the market's order rules; of config.markets[market]. Throws ConfigError.
trading::PaperSettings paper_settings(const Config& config, std::size_t market);

engine::EngineSettings engine_settings(const Config& config);
// The settings of recorded runs; database and model directory are this config's.
engine::PastRuns past_runs(const Config& config);
engine::TrainerSettings trainer_settings(const Config& config);
store::JournalSettings journal_settings(const Config& config);
ingest::FeedSettings feed_settings(const Config& config);
std::vector<ingest::MarketCursor> cursors(const store::Reader& reader, const MarketTable& markets);
std::vector<ingest::StoredRange> stored_ranges(const store::Reader& reader, MarketId market);

}  // namespace candled::config
