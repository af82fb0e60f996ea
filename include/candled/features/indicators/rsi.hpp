// Relative strength index and Chande's momentum oscillator, from Wilder's means over n of the close's gains G and
// losses L: RSI = 100 * G / (G + L), CMO = 100 * (G - L) / (G + L); both 0 while G and L are 0. An unchanged close
// changes neither, since G and L shrink together. (TA-Lib's CMO uses these means, not Chande's plain sums.)
// Unit: 0 to 100, -100 to 100. Warm-up: n + 1 candles. Source: Wilder 1978; TA-Lib RSI, CMO. Recursive: carries on
// over a gap.
#pragma once

#include "candled/features/indicators/wilder_mean.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class Rsi {
 public:
  explicit Rsi(int n) : gains_(n), losses_(n) {}

  void update(double close) {
    if (started_) {
      const double change = close - previous_;
      gains_.update(change > 0 ? change : 0);
      losses_.update(change < 0 ? -change : 0);
      // Left as it is on an unchanged close: the last bits of G / (G + L) would make noise that StochRSI blows up.
      if (gains_.ready() && (change != 0 || !known(up_share_))) measure();
    }
    previous_ = close;
    started_ = true;
  }
  bool ready() const { return known(up_share_); }
  double value() const { return 100 * up_share_; }
  double momentum() const { return 100 * (up_share_ - down_share_); }

  template <class Archive>
  void state(Archive& archive) {
    gains_.state(archive);
    losses_.state(archive);
    archive(previous_);
    archive(up_share_);
    archive(down_share_);
    archive(started_);
  }

 private:
  void measure() {
    const double both = gains_.value() + losses_.value();
    up_share_ = vanished(both) ? 0 : gains_.value() / both;
    down_share_ = vanished(both) ? 0 : losses_.value() / both;
  }

  WilderMean gains_, losses_;
  double previous_ = 0;
  double up_share_ = unknown, down_share_ = unknown;
  bool started_ = false;
};

}  // namespace candled::features
