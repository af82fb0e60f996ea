// MarketClock: what time it is in the market, given the wall time since the server began.
#pragma once

#include <algorithm>
#include <optional>

#include "candled/domain/time.hpp"

namespace candled::simulator {

class MarketClock {
 public:
  MarketClock(Timestamp start, double speed) : start_(start), speed_(speed) {}

  void begin(Duration wall) {
    if (!began_) began_ = wall;
  }
  bool began() const { return began_.has_value(); }
  bool paced() const { return speed_ > 0; }
  Duration began_at() const { return began_.value_or(Duration{}); }
  Timestamp start() const { return start_; }

  Timestamp now(Duration wall) const {
    if (!began_) return start_;
    if (paced()) return start_ + scaled(wall - *began_, speed_);
    return ended_ ? pulled_ + (wall - *ended_) : std::max(start_, pulled_);
  }
  // Wall time at which a paced, running clock shows `time`.
  Duration wall_of(Timestamp time) const { return *began_ + scaled(time - start_, 1 / speed_); }

  // Speed 0: a trade pulls the clock to its time; behind the last one the clock runs in real time.
  void pull(Timestamp time) { pulled_ = std::max(pulled_, time); }
  void tape_ended(Duration wall) {
    if (!ended_) ended_ = wall;
    pulled_ = std::max(pulled_, start_);
  }

 private:
  static Duration scaled(Duration d, double factor) {
    return {static_cast<std::int64_t>(static_cast<double>(d.ns) * factor)};
  }

  Timestamp start_;
  double speed_;
  std::optional<Duration> began_, ended_;
  Timestamp pulled_;
};

}  // namespace candled::simulator
