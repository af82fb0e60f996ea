// Amihud illiquidity: mean of |one-candle return| / turnover over those of the last n candles in which anything traded,
// turnover taken as typical price * volume, which every candle has. Unknown while nothing traded.
// Unit: per unit of quote currency. Warm-up: n + 1 candles. Source: Y. Amihud 2002.
#pragma once

#include <cmath>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class Amihud {
 public:
  explicit Amihud(int n) : impact_(n), turnover_(n), traded_(n) {}

  void update(const Bar& bar) {
    if (started_) {
      const double turnover = bar.typical * bar.volume;
      const double change = ratio(bar.close - previous_close_, previous_close_);
      const bool counts = turnover > 0 && known(change);
      impact_.update(counts ? std::abs(change) / turnover : 0);
      turnover_.update(counts ? turnover : 0);
      traded_.update(counts ? 1 : 0);
    }
    previous_close_ = bar.close;
    started_ = true;
  }
  bool ready() const { return impact_.ready(); }
  double value() const { return ratio(impact_.value(), traded_.value()); }
  // Times the mean turnover of the same candles: the return that a usual candle's turnover makes.
  double per_usual_turnover() const { return value() * ratio(turnover_.value(), traded_.value()); }
  void clear() {
    impact_.clear();
    turnover_.clear();
    traded_.clear();
    started_ = false;
  }

  template <class Archive>
  void state(Archive& archive) {
    impact_.state(archive);
    turnover_.state(archive);
    traded_.state(archive);
    archive(previous_close_);
    archive(started_);
  }

 private:
  RollingSum impact_, turnover_, traded_;
  double previous_close_ = 0;
  bool started_ = false;
};

}  // namespace candled::features
