// Window: the last n values, in a ring allocated once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::features {

class Window {
 public:
  // n >= 1.
  explicit Window(int n) : values_(n < 1 ? 0 : static_cast<std::size_t>(n)) {
    if (n < 1) invariant_failed("an indicator's period is below 1");
  }

  // The newest value takes the place of the oldest once the window is full.
  void push(double value) {
    values_[next_] = value;
    next_ = next_ + 1 == values_.size() ? 0 : next_ + 1;
    if (count_ < values_.size()) ++count_;
  }
  bool full() const { return count_ == values_.size(); }
  double oldest() const { return values_[next_]; }  // only when full
  const std::vector<double>& slots() const { return values_; }  // all of them when full, in no particular order
  void clear() { next_ = count_ = 0; }

  // Leaves the indices in range whatever bytes were read.
  template <class Archive>
  void state(Archive& archive) {
    for (double& value : values_) archive(value);
    archive(next_);
    archive(count_);
    if (next_ >= values_.size()) next_ = 0;
    if (count_ > values_.size()) count_ = 0;
  }

 private:
  std::vector<double> values_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

}  // namespace candled::features
