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
  constexpr auto at_once = static_cast<std::size_t>(immediate_retries_max);
  if (attempts_.size() > at_once) {
    const auto rest = static_cast<std::int64_t>(std::max(attempts_per_minute_max_, at_once + 1) - at_once);
    wait = std::max(wait, attempts_.back() + Duration{Duration::minutes(1).ns / rest} - now);
  }
  if (attempts_.size() >= attempts_per_minute_max_) {
    const Duration oldest = attempts_[attempts_.size() - attempts_per_minute_max_];
    wait = std::max(wait, oldest + Duration::minutes(1) - now);
  }
  return std::max(wait, banned_until_ - now);
}

void Backoff::attempt(Duration now) {
  delivered_ = false;
  attempts_.push_back(now);
  while (attempts_.front() + Duration::minutes(1) <= now) attempts_.pop_front();
}

void Backoff::delivered() {
  delivered_ = true;
  failures_ = 0;
  maintenance_ = false;
}

void Backoff::lost() {
  if (!delivered_) ++failures_;
}

void Backoff::ban(Duration until) { banned_until_ = std::max(banned_until_, until); }

}  // namespace candled::net
