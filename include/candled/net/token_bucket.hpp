// TokenBucket: at most so many events a second, and up to a burst of them at once. Pure: time is an argument, from any fixed start,
// and never goes back. Exact: nothing is lost to rounding, however often it is asked.
#pragma once

#include <algorithm>
#include <cstdint>

#include "candled/domain/time.hpp"

namespace candled::net {

class TokenBucket {
 public:
  // One event each interval, and `burst` (at least 1) at once from a full bucket, which is what it begins as. interval zero: no limit.
  explicit TokenBucket(Duration interval, double burst = 1)
      : interval_(interval),
        ahead_{static_cast<std::int64_t>((std::max(burst, 1.0) - 1.0) * static_cast<double>(interval.ns))} {}
  // Zero: no limit.
  static TokenBucket per_second(double rate, double burst) {
    return TokenBucket(Duration{rate > 0 ? static_cast<std::int64_t>(1e9 / rate) : 0}, burst);
  }

  // How long until the next event is allowed; zero or less: it is now.
  Duration wait(Duration now) const { return full_at_ - ahead_ - now; }
  bool full(Duration now) const { return full_at_ <= now; }
  void spend(Duration now) { full_at_ = std::max(full_at_, now) + interval_; }
  // Spends where it is allowed.
  bool take(Duration now) {
    if (interval_.ns <= 0) return true;
    if (wait(now).ns > 0) return false;
    spend(now);
    return true;
  }

 private:
  Duration interval_;
  Duration ahead_;    // how far the bucket may be from full
  Duration full_at_;  // when it will be full, if nothing is taken
};

}  // namespace candled::net
