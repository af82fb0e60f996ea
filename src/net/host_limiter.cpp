#include "candled/net/host_limiter.hpp"

#include <algorithm>

namespace candled::net {

void HostLimiter::succeeded() {
  rate_limits_ = 0;
  failures_ = 0;
}

Duration HostLimiter::pause(Duration now, Duration length) {
  length = std::clamp(length, interval_, pause_max);
  paused_until_ = std::max(paused_until_, now + length);
  return wait(now);
}

Duration HostLimiter::rate_limited(Duration now, std::optional<Duration> stated) {
  const Duration doubling =
      std::min(failure_pause_max, rate_pause_min * (std::int64_t{1} << std::min(rate_limits_, 4)));
  ++rate_limits_;
  return pause(now, stated && stated->ns > 0 ? *stated : doubling);
}

Duration HostLimiter::banned(Duration now, std::optional<Duration> stated) {
  return pause(now, stated && stated->ns > 0 ? *stated : Backoff::ban_default);
}

Duration HostLimiter::failed(Duration now, std::optional<Duration> stated, RandomSource& random_source) {
  const double limit_s = std::min(60.0, static_cast<double>(1 << std::min(failures_, 6)));
  ++failures_;
  if (stated && stated->ns > 0) return pause(now, *stated);
  return pause(now, Duration{static_cast<std::int64_t>((0.5 + 0.5 * random_source.unit()) * limit_s * 1e9)});
}

}  // namespace candled::net
