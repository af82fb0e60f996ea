// Volume-weighted average price of the UTC day so far: sum(typical * volume) / sum(volume); unknown while the volume is
// 0. Unit: quote currency. Warm-up: 1 candle (the first session begins with the first candle). After a gap it is
// unknown until a session begins without one. Source: definition, typical = (high + low + close) / 3.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/exact_sum.hpp"

namespace candled::features {

class SessionVwap {
 public:
  void update(const Bar& bar) {
    const Timestamp day = floor_to(bar.open_time, Duration::days(1));
    if (!started_ || day != day_) {
      // After a gap only a session whose first candle is here is whole.
      whole_ = !broken_ || bar.open_time == day;
      turnover_ = volume_ = ExactSum();
      day_ = day;
      started_ = true;
    }
    broken_ = false;
    turnover_.add_product(bar.typical, bar.volume);
    volume_.add(bar.volume);
  }
  bool ready() const { return started_ && whole_; }
  double value() const { return ready() ? ratio(turnover_.value(), volume_.value()) : unknown; }
  void clear() {
    whole_ = false;
    broken_ = true;
  }

  template <class Archive>
  void state(Archive& archive) {
    turnover_.state(archive);
    volume_.state(archive);
    archive(day_);
    archive(started_);
    archive(whole_);
    archive(broken_);
  }

 private:
  ExactSum turnover_, volume_;
  Timestamp day_;
  bool started_ = false;
  bool whole_ = false;   // every candle of the session is in the sums
  bool broken_ = false;  // a gap came since the last candle
};

}  // namespace candled::features
