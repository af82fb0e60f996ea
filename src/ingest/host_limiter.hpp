// HostLimiter: when the next REST request to one host may start. Keeps the published pace, and pauses the whole host after a
// rate limit, a ban or a failure. Pure.
#pragma once

#include <optional>

#include "candled/domain/time.hpp"
#include "ingest/backoff.hpp"

namespace candled::ingest {

class HostLimiter {
 public:
  static constexpr Duration rate_pause_min = Duration::seconds(5);
  static constexpr Duration failure_pause_max = Duration::seconds(60);
  static constexpr Duration pause_max = Duration::hours(1);  // a longer statement is not believed

  explicit HostLimiter(Duration interval) : interval_(interval) {}

  // How long to wait from now; zero or less: go.
  Duration wait(Duration now) const { return next_ - now; }
  void started(Duration now);
  void succeeded();
  // Each returns the pause that begins now.
  Duration rate_limited(Duration now, std::optional<Duration> stated);
  Duration banned(Duration now, std::optional<Duration> stated);
  Duration failed(Duration now, Dice& dice);

 private:
  Duration pause(Duration now, Duration length);

  Duration interval_;
  Duration next_;
  int rate_limits_ = 0;  // in a row
  int failures_ = 0;     // in a row
};

}  // namespace candled::ingest
