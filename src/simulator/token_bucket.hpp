// TokenBucket: allows `rate` events a second, and up to `burst` at once. Rate 0 allows everything.
#pragma once

#include <algorithm>

#include "candled/domain/time.hpp"

namespace candled::simulator {

class TokenBucket {
 public:
  TokenBucket(double rate, double burst) : rate_(rate), burst_(std::max(burst, 1.0)), tokens_(burst_) {}

  // `now` is wall time since any fixed moment.
  bool take(Duration now, double cost = 1) {
    if (rate_ <= 0) return true;
    tokens_ = std::min(burst_, tokens_ + static_cast<double>((now - last_).ns) * 1e-9 * rate_);
    last_ = now;
    if (tokens_ < cost) return false;
    tokens_ -= cost;
    return true;
  }

  // Of the burst, how much is taken at present.
  double used() const { return burst_ - tokens_; }

 private:
  double rate_, burst_, tokens_;
  Duration last_;
};

}  // namespace candled::simulator
