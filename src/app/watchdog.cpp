#include "app/watchdog.hpp"

#include <systemd/sd-daemon.h>

namespace candled::app {

Watchdog::Watchdog(engine::Conveyor& conveyor, const engine::EngineStatistics& statistics)
    : conveyor_(conveyor), statistics_(statistics) {}

void Watchdog::ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
  conveyor_.send_probe();
}

void Watchdog::look(const std::string& status) {
  const std::int64_t probes = statistics_.probes.value();
  if (probes != probes_seen_) sd_notify(0, ("WATCHDOG=1\nSTATUS=" + status).c_str());
  probes_seen_ = probes;
  conveyor_.send_probe();
}

void Watchdog::stopping() { sd_notify(0, "STOPPING=1"); }

}  // namespace candled::app
