// MarketHealth: what the feed says of one market, in the words of docs/api.md.
#pragma once

#include <optional>

#include "candled/domain/market.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "candled/server/server.hpp"

namespace candled::app {

// connected: a connection to its exchange is up.
server::MarketFeed market_feed(const Market& market, const ingest::MarketStatistics& statistics, bool connected);
// Why the market is not well; nothing where it is. `word` of the reason is the state.
std::optional<server::HealthReason> market_reason(const Market& market, const ingest::MarketStatistics& statistics,
                                                  bool connected);

}  // namespace candled::app
