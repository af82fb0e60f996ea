// Watchdog: tells systemd that the service is ready, lives and stops. It is fed by real progress only: a probe that went
// through every station since the last time.
#pragma once

#include <cstdint>
#include <string>

#include "candled/engine/conveyor.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/ingest/feed_statistics.hpp"

namespace candled::app {

class Watchdog {
 public:
  Watchdog(engine::Conveyor& conveyor, const engine::EngineStatistics& statistics);
  void ready(const std::string& status);
  // About once a second: notes whether the last probe came through, sends the next.
  void look(const std::string& status);
  void stopping();

 private:
  engine::Conveyor& conveyor_;
  const engine::EngineStatistics& statistics_;
  std::int64_t probes_seen_ = 0;
};

}  // namespace candled::app
