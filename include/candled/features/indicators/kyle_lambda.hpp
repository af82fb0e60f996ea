// Kyle's lambda: least-squares slope of the close's one-candle change on the candle's signed volume (bought - sold) over
// the last n candles: how far the price moves for one unit bought. Unit: quote currency per unit of base currency.
// Warm-up: n + 1 candles; needs known sides. Source: A. Kyle 1985; estimated as in J. Hasbrouck 2009.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_covariance.hpp"

namespace candled::features {

class KyleLambda {
 public:
  explicit KyleLambda(int n) : line_(n) {}

  void update(const Bar& bar) {
    if (!known(bar.buy_volume)) {
      line_.clear();
    } else if (started_) {
      line_.update(bar.buy_volume - bar.sell_volume, bar.close - previous_close_);
    }
    previous_close_ = bar.close;
    started_ = true;
  }
  bool ready() const { return line_.ready(); }
  double value() const { return line_.slope(); }
  void clear() {
    line_.clear();
    started_ = false;
  }

  template <class Archive>
  void state(Archive& archive) {
    line_.state(archive);
    archive(previous_close_);
    archive(started_);
  }

 private:
  RollingCovariance line_;
  double previous_close_ = 0;
  bool started_ = false;
};

}  // namespace candled::features
