// HostLimiter: when the next REST request to one host may start. Keeps the published pace, and pauses the whole host after a
// rate limit, a ban or a failure. Pure.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "candled/domain/time.hpp"
#include "candled/net/backoff.hpp"
#include "candled/net/token_bucket.hpp"

namespace candled::net {

class HostLimiter {
 public:
  static constexpr Duration rate_pause_min = Duration::seconds(5);
  static constexpr Duration failure_pause_max = Duration::seconds(60);
  static constexpr Duration pause_max = Duration::hours(1);  // a longer stated pause is cut to this

  static constexpr int spare_part = 4;  // requests that can wait take a quarter of the pace at most

  explicit HostLimiter(Duration interval) : interval_(interval), pace_(interval), spare_(interval * spare_part) {}

  // How long to wait from now; zero or less: go.
  Duration wait(Duration now) const { return std::max(pace_.wait(now), paused_until_ - now); }
  void started(Duration now, int cost = 1) { pace_.spend(now, cost); }
  // The same for a request that can wait; it is started() as well.
  Duration spare_wait(Duration now) const { return std::max(wait(now), spare_.wait(now)); }
  void spend_spare(Duration now) { spare_.spend(now); }
  void succeeded();
  // Each returns the pause that begins now.
  Duration rate_limited(Duration now, std::optional<Duration> stated);
  Duration banned(Duration now, std::optional<Duration> stated);
  Duration failed(Duration now, std::optional<Duration> stated, RandomSource& random_source);

 private:
  Duration pause(Duration now, Duration length);

  Duration interval_;
  TokenBucket pace_, spare_;
  Duration paused_until_;
  int rate_limits_ = 0;  // in a row
  int failures_ = 0;     // in a row
};

// One limiter for each host, whoever asks it: all markets, live and history alike.
class HostLimiters {
 public:
  // interval: of the first who asks for this host.
  std::shared_ptr<HostLimiter> of(const std::string& host, Duration interval) {
    std::shared_ptr<HostLimiter>& limiter = limiters_[host];
    if (!limiter) limiter = std::make_shared<HostLimiter>(interval);
    return limiter;
  }

 private:
  std::map<std::string, std::shared_ptr<HostLimiter>> limiters_;
};

}  // namespace candled::net
