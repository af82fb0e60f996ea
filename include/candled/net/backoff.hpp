// Backoff: when the next connection attempt may start. A connection that delivered is replaced at once, however it ended. Of those that
// did not, the first retries are immediate, then delays double up to a minute, with full jitter. Never more attempts a minute than the
// exchange allows, evenly spread behind the first few; a ban is waited out. Pure: time and random source are arguments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>

#include "candled/domain/time.hpp"

namespace candled::net {

// Random source; the only one in this room. The same seed gives the same numbers.
class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed) : engine_(seed) {}
  // 0 <= x < 1
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

 private:
  std::mt19937_64 engine_;
};

class Backoff {
 public:
  static constexpr int immediate_retries_max = 3;
  static constexpr Duration delay_max = Duration::seconds(60);
  static constexpr Duration maintenance_delay_min = Duration::seconds(5);
  static constexpr Duration ban_default = Duration::minutes(10);
  static constexpr Duration healthy_after = Duration::seconds(60);

  explicit Backoff(std::size_t attempts_per_minute_max = 10) : attempts_per_minute_max_(attempts_per_minute_max) {}

  // How long to wait from now until the next attempt.
  Duration delay(Duration now, RandomSource& random_source) const;
  // An attempt starts now.
  void attempt(Duration now);
  // The connection of the last attempt does what it was made for.
  void delivered();
  // The last attempt failed, or its connection was lost.
  void lost();
  // The exchange said that it is down for maintenance; holds until a connection delivers.
  void maintenance() { maintenance_ = true; }
  // No attempt before this time.
  void ban(Duration until);

 private:
  std::size_t attempts_per_minute_max_;
  int failures_ = 0;  // since the last connection that delivered
  bool delivered_ = false;
  bool maintenance_ = false;
  Duration banned_until_;
  std::deque<Duration> attempts_;  // of the last minute
};

}  // namespace candled::net
