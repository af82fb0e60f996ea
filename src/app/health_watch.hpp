// HealthWatch: is the daemon well? Feed age, writer lag, model age, disk. One thread.
#pragma once

#include <optional>
#include <string_view>

#include "candled/config/config.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "candled/server/server.hpp"

namespace candled::app {

class HealthWatch {
 public:
  HealthWatch(const config::Config& config, const engine::EngineStatistics& engine, const ingest::FeedStatistics& feed);

  server::Health look();

 private:
  void look_at_exchanges(server::Health& health) const;
  bool is_connected(std::string_view exchange) const;
  // How long events have waited for a commit that does not come.
  double writer_lag_s();
  double disk_free_bytes() const;

  const config::Config& config_;
  const engine::EngineStatistics& engine_;
  const ingest::FeedStatistics& feed_;
  const MarketTable markets_;
  std::int64_t committed_ = -1, numbered_ = 0;  // when they were last seen to move
  Duration moved_;
};

}  // namespace candled::app
