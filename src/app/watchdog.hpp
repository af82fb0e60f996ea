// Watchdog: tells systemd that the service is ready, lives and stops. It is fed by real progress only: a probe that went
// through every station since the last time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "candled/domain/time.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/ingest/feed_statistics.hpp"

namespace candled::app {

class Watchdog {
 public:
  Watchdog(engine::Conveyor& conveyor, const engine::EngineStatistics& statistics);
  // While the start takes long, as often as one likes: systemd goes on waiting.
  void starting(const std::string& status);
  void ready(const std::string& status);
  // About once a second: notes whether the last probe came through, sends the next.
  void look(const std::string& status);
  void stopping();

 private:
  engine::Conveyor& conveyor_;
  const engine::EngineStatistics& statistics_;
  std::int64_t probes_seen_ = 0;
  std::optional<Duration> extended_;  // when systemd was asked to wait
};

}  // namespace candled::app
