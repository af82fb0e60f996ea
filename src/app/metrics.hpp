// What the stations count, as the metrics and the health that the server shows.
#pragma once

#include <vector>

#include "candled/domain/market.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/engine/trainer.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "candled/server/server.hpp"

namespace candled::app {

std::vector<server::Metric> collect_metrics(const MarketTable& markets, const engine::EngineStatistics& engine,
                                            const ingest::FeedStatistics& feed,
                                            const engine::TrainerStatistics& trainer);

}  // namespace candled::app
