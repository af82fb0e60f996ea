// Moving average convergence divergence: line = EMA(fast) - EMA(slow), signal = EMA(signal) of the line, histogram =
// line - signal. Unit: quote currency. Warm-up: slow + signal - 1 closes for all three. Source: G. Appel; TA-Lib MACD,
// whose fast average is seeded with the last `fast` of the first `slow` closes, so both averages start on the same
// candle. Recursive: carries on over a gap. Needs fast < slow.
#pragma once

#include <cstdint>

#include "candled/features/indicators/ema.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class Macd {
 public:
  Macd(int fast, int slow, int signal) : fast_(fast), slow_(slow), signal_(signal), skip_(slow - fast) {}

  void update(double close) {
    slow_.update(close);
    if (skip_ > 0) {
      --skip_;
      return;
    }
    fast_.update(close);
    if (slow_.ready()) signal_.update(fast_.value() - slow_.value());
  }
  bool ready() const { return signal_.ready(); }
  double line() const { return ready() ? fast_.value() - slow_.value() : unknown; }
  double signal() const { return signal_.value(); }
  double histogram() const { return line() - signal(); }

  template <class Archive>
  void state(Archive& archive) {
    fast_.state(archive);
    slow_.state(archive);
    signal_.state(archive);
    archive(skip_);
  }

 private:
  Ema fast_, slow_, signal_;
  std::int32_t skip_;  // closes that the fast average still leaves out
};

}  // namespace candled::features
