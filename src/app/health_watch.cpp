#include "app/health_watch.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>

#include "app/metrics.hpp"
#include "candled/flow/clock.hpp"

namespace candled::app {
namespace {

constexpr double writer_lag_s_max = 15;
constexpr double disk_free_bytes_min = 100e6;

double seconds(Duration duration) { return static_cast<double>(duration.ns) / 1e9; }

}  // namespace

HealthWatch::HealthWatch(const config::Config& config, const engine::EngineStatistics& engine, const ingest::FeedStatistics& feed)
    : config_(config), engine_(engine), feed_(feed), markets_(config.table) {}

double HealthWatch::feed_age_s() const {
  const std::int64_t last_ns = feed_.last_frame_ns.value();
  return last_ns == 0 ? -1 : seconds(flow::monotonic_now() - Duration{last_ns});
}

double HealthWatch::writer_lag_s() {
  const Duration now = flow::monotonic_now();
  const std::int64_t committed = engine_.committed_sequence.value(), numbered = engine_.head_events.value();
  const bool owes = numbered > numbered_;  // events came since the commit that was seen last
  if (committed != committed_ || !owes) {
    committed_ = committed;
    numbered_ = numbered;
    moved_ = now;
  }
  return seconds(now - moved_);
}

double HealthWatch::disk_free_bytes() const {
  struct statvfs disk {};
  const std::filesystem::path folder = std::filesystem::absolute(config_.storage.path).parent_path();
  if (::statvfs(folder.c_str(), &disk) != 0) return -1;
  return static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
}

server::Health HealthWatch::look() {
  server::Health health;
  for (const Market& market : markets_) {
    const ingest::MarketState state = feed_.of(market.id).state_now();
    health.markets.push_back({market.name(), market_state_text(state)});
    if (state != ingest::MarketState::live) health.reasons.push_back(fmt::format("{} is {}", market.name(), market_state_text(state)));
  }
  health.feed_age_s = feed_age_s();
  const auto patience = std::ranges::max_element(config_.exchanges, {}, &ingest::ExchangeSettings::watchdog);
  if (patience != config_.exchanges.end() && health.feed_age_s > 2 * seconds(patience->watchdog)) {
    health.reasons.push_back(fmt::format("the exchange has been silent for {:.0f} s", health.feed_age_s));
  }
  health.writer_lag_s = writer_lag_s();
  if (health.writer_lag_s > writer_lag_s_max) {
    health.reasons.push_back(fmt::format("nothing has been committed for {:.0f} s, though events came", health.writer_lag_s));
  }
  health.disk_free_bytes = disk_free_bytes();
  if (health.disk_free_bytes >= 0 && health.disk_free_bytes < disk_free_bytes_min) {
    health.reasons.push_back(fmt::format("the disk has {:.0f} MB left", health.disk_free_bytes / 1e6));
  }
  return health;
}

}  // namespace candled::app
