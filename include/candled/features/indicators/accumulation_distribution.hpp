// Accumulation/distribution line: + m * volume, m = ((close - low) - (high - close)) / (high - low), 0 without a range.
//   Unit: base currency. Warm-up: 1 candle. Source: M. Chaikin; TA-Lib AD.
// Chaikin oscillator: EMA(fast) - EMA(slow) of that line, both started at its first value.
//   Unit: base currency. Warm-up: slow candles. Source: M. Chaikin; TA-Lib ADOSC.
// Recursive: they carry on over a gap.
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/exact_sum.hpp"

namespace candled::features {

class AccumulationDistribution {
 public:
  void update(const Bar& bar) {
    const double range = bar.high - bar.low;
    if (range > 0) total_.add(((bar.close - bar.low) - (bar.high - bar.close)) / range * bar.volume);
    started_ = true;
  }
  bool ready() const { return started_; }
  double value() const { return started_ ? total_.value() : unknown; }

  template <class Archive>
  void state(Archive& archive) {
    total_.state(archive);
    archive(started_);
  }

 private:
  ExactSum total_;
  bool started_ = false;
};

class ChaikinOscillator {
 public:
  // The line is updated before this, and outlives it.
  ChaikinOscillator(const AccumulationDistribution& line, int fast, int slow)
      : line_(line), slow_candles_(slow), fast_factor_(2.0 / (fast + 1)), slow_factor_(2.0 / (slow + 1)) {}

  void update(const Bar&) {
    const double x = line_.value();
    if (candles_ == 0) fast_ = slow_ = x;
    fast_ += (x - fast_) * fast_factor_;
    slow_ += (x - slow_) * slow_factor_;
    if (candles_ < slow_candles_) ++candles_;
  }
  bool ready() const { return candles_ == slow_candles_; }
  double value() const { return ready() ? fast_ - slow_ : unknown; }

  template <class Archive>
  void state(Archive& archive) {
    archive(fast_);
    archive(slow_);
    archive(candles_);
  }

 private:
  const AccumulationDistribution& line_;
  int slow_candles_;
  double fast_factor_, slow_factor_;
  double fast_ = 0, slow_ = 0;
  int candles_ = 0;
};

}  // namespace candled::features
