#include "app/watchdog.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include "candled/flow/clock.hpp"

namespace candled::app {
namespace {

constexpr Duration extend_every = Duration::seconds(5);
constexpr Duration extend_by = Duration::minutes(5);  // as long as the unit gives a start that says nothing

}  // namespace

Watchdog::Watchdog(engine::Conveyor& conveyor, const engine::EngineStatistics& statistics)
    : conveyor_(conveyor), statistics_(statistics) {}

void Watchdog::starting(const std::string& status) {
  const Duration now = flow::monotonic_now();
  if (extended_ && now - *extended_ < extend_every) return;
  extended_ = now;
  sd_notify(0, fmt::format("EXTEND_TIMEOUT_USEC={}\nSTATUS={}", extend_by.ns / 1'000, status).c_str());
}

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
