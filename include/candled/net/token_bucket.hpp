// TokenBucket: at most so many events a second, and up to a burst of them at once. Pure: time is an argument, from any fixed start,
// and never goes back. Exact: nothing is lost to rounding, however often it is asked.
#pragma once

#include <algorithm>
#include <cstdint>

#include "candled/domain/time.hpp"

namespace candled::net {

class TokenBucket {
 public:
  // One event each interval, and `burst` (at least 1) at once from a full bucket; it begins full. interval zero: no limit.
  explicit TokenBucket(Duration interval, double burst = 1)
      : interval_(interval),
        ahead_{static_cast<std::int64_t>((std::max(burst, 1.0) - 1.0) * static_cast<double>(interval.ns))} {}
  // Zero: no limit.
  static TokenBucket per_second(double rate, double burst) {
    return TokenBucket(Duration{rate > 0 ? static_cast<std::int64_t>(1e9 / rate) : 0}, burst);
  }

  // How long until an event is allowed that counts as `cost` of them; zero or less: it is now.
  Duration wait(Duration now, double cost = 1) const { return full_at_ + of(cost) - interval_ - ahead_ - now; }
  bool full(Duration now) const { return full_at_ <= now; }
  void spend(Duration now, double cost = 1) { full_at_ = std::max(full_at_, now) + of(cost); }
  // Spends where it is allowed.
  bool take(Duration now, double cost = 1) {
    if (interval_.ns <= 0) return true;
    if (wait(now, cost).ns > 0) return false;
    spend(now, cost);
    return true;
  }
  // How many events of the burst are taken at present.
  double used(Duration now) const {
    if (interval_.ns <= 0) return 0;
    return static_cast<double>(std::max((full_at_ - now).ns, std::int64_t{0})) / static_cast<double>(interval_.ns);
  }

 private:
  Duration of(double cost) const {
    return Duration{static_cast<std::int64_t>(cost * static_cast<double>(interval_.ns))};
  }

  Duration interval_;
  Duration ahead_;    // how far the bucket may be from full
  Duration full_at_;  // when it will be full, if nothing is taken
};

}  // namespace candled::net
