// Directional movement: +DI, -DI, DX and ADX.
// up = high - previous high, down = previous low - low; +DM = up if up > 0 and up > down, -DM = down if down > 0 and
// down > up. +DM, -DM and true range are summed over the first n - 1 candles that have them, then a <- a - a / n + new.
// +-DI = 100 * DM / TR, 0 if TR is 0. DX = 100 * |+DI - -DI| / (+DI + -DI); ADX = mean of the first n DX (an undefined
// one adds nothing), then (ADX * (n - 1) + DX) / n, unchanged while DX is undefined (DX too).
// Unit: 0 to 100. Warm-up: n + 1 candles for DI, 2 n for ADX. Source: Wilder 1978; TA-Lib PLUS_DI, MINUS_DI, DX, ADX.
// Recursive: carries on over a gap.
#pragma once

#include <cmath>
#include <cstdint>

#include "candled/features/bar.hpp"
#include "candled/features/indicators/true_range.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class DirectionalMovement {
 public:
  explicit DirectionalMovement(int n) : n_(n) {}

  void update(const Bar& bar) {
    range_.update(bar);
    if (range_.ready()) move(bar.high - previous_high_, previous_low_ - bar.low);
    previous_high_ = bar.high;
    previous_low_ = bar.low;
  }
  bool ready() const { return moves_ >= n_; }
  bool adx_ready() const { return directions_ >= n_; }
  double plus_di() const { return ready() ? indicator(plus_) : unknown; }
  double minus_di() const { return ready() ? indicator(minus_) : unknown; }
  double dx() const { return ready() ? dx_ : unknown; }
  double adx() const { return adx_ready() ? adx_ : unknown; }

  template <class Archive>
  void state(Archive& archive) {
    range_.state(archive);
    archive(previous_high_);
    archive(previous_low_);
    archive(plus_);
    archive(minus_);
    archive(true_range_);
    archive(dx_);
    archive(adx_);
    archive(moves_);
    archive(directions_);
  }

 private:
  void move(double up, double down) {
    if (moves_ < n_) ++moves_;
    accumulate(plus_, up > 0 && up > down ? up : 0);
    accumulate(minus_, down > 0 && down > up ? down : 0);
    accumulate(true_range_, range_.value());
    if (moves_ >= n_) average_direction();
  }
  void accumulate(double& total, double x) const { total = moves_ < n_ ? total + x : total - total / n_ + x; }
  double indicator(double movement) const { return vanished(true_range_) ? 0 : 100 * (movement / true_range_); }

  void average_direction() {
    const double plus = plus_di(), minus = minus_di();
    const double both = plus + minus;
    const bool defined = !vanished(true_range_) && !vanished(both);
    const double direction = defined ? 100 * (std::abs(plus - minus) / both) : 0;
    if (defined) dx_ = direction;
    if (directions_ < n_) {
      adx_ += direction;
      if (++directions_ == n_) adx_ /= n_;
    } else if (defined) {
      adx_ = (adx_ * (n_ - 1) + direction) / n_;
    }
  }

  std::int32_t n_;
  TrueRange range_;
  double previous_high_ = 0, previous_low_ = 0;
  double plus_ = 0, minus_ = 0, true_range_ = 0;
  double dx_ = 0;                            // the last that was defined
  double adx_ = 0;                           // the sum of DX until n of them are there
  std::int32_t moves_ = 0, directions_ = 0;  // how many so far, at most n
};

}  // namespace candled::features
