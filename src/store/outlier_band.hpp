// OutlierBand: which moves are further from the usual than the usual spread explains. The band is median + 15 robust standard
// deviations (1.4826 times the median absolute deviation, at least one hundredth of a percent) of the moves in the two windows around
// (a window: 1,440 candles), so a wild day has a wide band, and one wrong row does not widen it. Inside a wild hour a move must also be four times the median of
// the five candles on each side. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "candled/store/quality.hpp"

namespace candled::store {

class OutlierBand {
 public:
  static constexpr std::size_t window = 1'440;
  static constexpr double deviations = 15;

  // A candle that traded, in time order; the close before it is known.
  void add(Timestamp open_time, double close_before, double high, double low);
  // Behind the last one.
  void finish();

  std::int64_t count() const { return count_; }
  const std::vector<Outlier>& worst() const { return worst_; }

 private:
  void judge();

  std::vector<Outlier> before_, moves_;  // `times` not set yet
  std::int64_t count_ = 0;
  std::vector<Outlier> worst_;
};

}  // namespace candled::store
