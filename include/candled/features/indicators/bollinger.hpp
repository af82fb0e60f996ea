// Bollinger bands: middle = mean of the last n closes, upper and lower = middle +- width * population deviation.
// Unit: quote currency; percent_b = (close - lower) / (upper - lower), unknown while the deviation is 0; bandwidth =
// (upper - lower) / middle, a fraction. Warm-up: n closes. Source: J. Bollinger; TA-Lib BBANDS, without its rounding
// noise.
#pragma once

#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_moments.hpp"

namespace candled::features {

class Bollinger {
 public:
  Bollinger(int n, double width) : moments_(n), width_(width) {}

  void update(double close) {
    moments_.update(close);
    reach_ = width_ * moments_.deviation(0);
  }
  bool ready() const { return moments_.ready(); }
  double middle() const { return moments_.mean(); }
  double upper() const { return ready() ? middle() + reach_ : unknown; }
  double lower() const { return ready() ? middle() - reach_ : unknown; }
  double percent_b() const { return ready() ? ratio(moments_.newest_from_mean() + reach_, 2 * reach_) : unknown; }
  double bandwidth() const { return ready() ? ratio(2 * reach_, middle()) : unknown; }
  void clear() { moments_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    moments_.state(archive);
    archive(reach_);
  }

 private:
  RollingMoments moments_;
  double width_;
  double reach_ = 0;  // from the middle to either band
};

}  // namespace candled::features
