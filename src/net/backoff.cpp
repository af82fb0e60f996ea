#include "candled/net/backoff.hpp"

#include <algorithm>

namespace candled::net {

Duration Backoff::delay(Duration now, RandomSource& random_source) const {
  Duration wait;
  if (failures_ > immediate_retries_max) {
    const int doublings = std::min(failures_ - immediate_retries_max, 6);
    const double limit_s = std::min(60.0, static_cast<double>(1 << doublings));
    wait = Duration{static_cast<std::int64_t>((1.0 + random_source.unit() * (limit_s - 1.0)) * 1e9)};
  }
  if (maintenance_) wait = std::max(wait, maintenance_delay_min);
  if (attempts_.size() >= attempts_per_minute_max_) {
    const Duration oldest = attempts_[attempts_.size() - attempts_per_minute_max_];
    wait = std::max(wait, oldest + Duration::minutes(1) - now);
  }
  return std::max(wait, banned_until_ - now);
}

void Backoff::attempt(Duration now) {
  attempts_.push_back(now);
  while (attempts_.front() + Duration::minutes(1) <= now) attempts_.pop_front();
}

void Backoff::lost(Duration carried) {
  if (carried >= healthy_after) {
    failures_ = 0;
    maintenance_ = false;
  }
  ++failures_;
}

void Backoff::ban(Duration until) { banned_until_ = std::max(banned_until_, until); }

}  // namespace candled::net
