// Donchian channel: highest high, lowest low and their middle over the last n candles, the newest included.
// Unit: quote currency; position = (close - lower) / (upper - lower), 0 to 1, unknown while the channel has no width.
// williams_r: -100 to 0. Warm-up: n candles. Source: R. Donchian; L. Williams, TA-Lib WILLR.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_range.hpp"

namespace candled::features {

class Donchian {
 public:
  explicit Donchian(int n) : range_(n) {}

  void update(const Bar& bar) {
    range_.update(bar.high, bar.low);
    close_ = bar.close;
  }
  bool ready() const { return range_.ready(); }
  double upper() const { return range_.highest(); }
  double lower() const { return range_.lowest(); }
  double middle() const { return (upper() + lower()) / 2; }
  double width() const { return upper() - lower(); }
  double position() const { return ratio(close_ - lower(), width()); }
  // Williams %R: -100 * (upper - close) / width, 0 while the channel has no width.
  double williams_r() const { return width() == 0 ? 0 : (upper() - close_) / (width() / -100); }
  void clear() { range_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    range_.state(archive);
    archive(close_);
  }

 private:
  RollingRange range_;
  double close_ = 0;
};

}  // namespace candled::features
