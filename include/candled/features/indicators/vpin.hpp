// VPIN: volume-synchronised probability of informed trading. Candles are poured into buckets of equal volume, each part
// with its candle's share of bought volume; VPIN = mean of |bought - sold| / bucket over the last n buckets. A bucket
// holds the mean volume of the n candles up to the one that opens it, so it follows the market's size. The first candle of a
// UTC day opens a new one: otherwise where one bucket ends would depend for ever on where the very first began.
// Unit: 0 to 1. Warm-up: n candles for the first bucket, then n buckets: about 2 n candles. Needs known sides.
// Source: D. Easley, M. Lopez de Prado and M. O'Hara, "Flow Toxicity and Liquidity in a High-Frequency World", 2012;
// sides are the exchange's, not guessed from price moves.
#pragma once

#include <algorithm>
#include <cmath>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class Vpin {
 public:
  explicit Vpin(int n) : volume_(n), imbalances_(n) {}

  void update(const Bar& bar) {
    if (!known(bar.buy_volume)) return clear();
    const Timestamp day = floor_to(bar.open_time, Duration::days(1));
    if (day != day_) size_ = filled_ = signed_ = 0;
    day_ = day;
    volume_.update(bar.volume);
    if (!volume_.ready() || bar.volume <= 0) return;
    const double imbalance = (bar.buy_volume - bar.sell_volume) / bar.volume;
    double left = bar.volume;
    // At most n buckets and one: a bucket opened on this candle holds at least an n-th of its volume.
    while (left > 0) {
      if (size_ == 0) size_ = volume_.mean();
      const double room = size_ - filled_;
      const double part = std::min(left, room);
      signed_ += part * imbalance;
      filled_ += part;
      if (left < room) break;
      left -= part;
      imbalances_.update(std::abs(signed_) / size_);
      size_ = filled_ = signed_ = 0;
    }
  }
  bool ready() const { return imbalances_.ready(); }
  double value() const { return imbalances_.mean(); }
  void clear() {
    volume_.clear();
    imbalances_.clear();
    size_ = filled_ = signed_ = 0;
  }

  template <class Archive>
  void state(Archive& archive) {
    volume_.state(archive);
    imbalances_.state(archive);
    archive(size_);
    archive(filled_);
    archive(signed_);
    archive(day_);
  }

 private:
  RollingSum volume_, imbalances_;
  Timestamp day_;
  double size_ = 0, filled_ = 0, signed_ = 0;  // of the open bucket; size 0: none is open
};

}  // namespace candled::features
