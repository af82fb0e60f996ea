#include "app/health_watch.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>

#include "app/market_health.hpp"
#include "candled/flow/clock.hpp"

namespace candled::app {
namespace {

constexpr double writer_lag_s_max = 15;
constexpr double disk_free_bytes_min = 100e6;

double seconds(Duration duration) { return static_cast<double>(duration.ns) / 1e9; }

// Of a moment by the monotonic clock; -1: it never was.
double age_s(std::int64_t monotonic_ns) {
  return monotonic_ns == 0 ? -1 : seconds(flow::monotonic_now() - Duration{monotonic_ns});
}

}  // namespace

HealthWatch::HealthWatch(const config::Config& config, const engine::EngineStatistics& engine,
                         const ingest::FeedStatistics& feed)
    : config_(config), engine_(engine), feed_(feed), markets_(config.table) {}

// Each exchange by itself: one that is dead shows, however lively the others are.
void HealthWatch::look_at_exchanges(server::Health& health) const {
  for (const ingest::ExchangeStatistics& exchange : feed_.exchanges) {
    const double silence_s = age_s(exchange.last_frame_ns.value());
    health.exchanges.push_back({exchange.name, exchange.connected.value(), silence_s});
    const auto settings = std::ranges::find(config_.exchanges, exchange.name, &ingest::ExchangeSettings::name);
    if (settings == config_.exchanges.end() || silence_s <= 2 * seconds(settings->watchdog)) continue;
    health.tell("exchange_silent",
                fmt::format("the exchange {} has been silent for {:.0f} s", exchange.name, silence_s));
  }
}

bool HealthWatch::is_connected(std::string_view exchange) const {
  const auto found = std::ranges::find(feed_.exchanges, exchange, &ingest::ExchangeStatistics::name);
  return found != feed_.exchanges.end() && found->connected.value() > 0;
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
  struct statvfs disk{};
  const std::filesystem::path folder = std::filesystem::absolute(config_.storage.path).parent_path();
  if (::statvfs(folder.c_str(), &disk) != 0) return -1;
  return static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
}

server::Health HealthWatch::look() {
  server::Health health;
  for (const Market& market : markets_) {
    const ingest::MarketStatistics& statistics = feed_.of(market.id);
    const bool connected = is_connected(market.exchange);
    health.markets.push_back(market_feed(market, statistics, connected));
    if (std::optional<server::HealthReason> reason = market_reason(market, statistics, connected))
      health.reasons.push_back(*std::move(reason));
  }
  health.feed_age_s = age_s(feed_.last_frame_ns());
  look_at_exchanges(health);
  health.writer_lag_s = writer_lag_s();
  if (health.writer_lag_s > writer_lag_s_max) {
    health.tell("writer_stalled",
                fmt::format("nothing has been committed for {:.0f} s, though events came", health.writer_lag_s));
  }
  if (engine_.file_damaged.value() > 0) {
    health.tell("file_damaged",
                fmt::format("the database {} is damaged: `candled check` says where", config_.storage.path.string()));
  }
  health.disk_free_bytes = disk_free_bytes();
  if (health.disk_free_bytes >= 0 && health.disk_free_bytes < disk_free_bytes_min) {
    health.tell("disk_full", fmt::format("the disk has {:.0f} MB left", health.disk_free_bytes / 1e6));
  }
  return health;
}

}  // namespace candled::app
