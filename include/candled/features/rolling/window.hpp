// Window: the last n values, in a ring allocated once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
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
  std::size_t size() const { return values_.size(); }  // n
  bool empty() const { return count_ == 0; }
  bool came_round() const { return next_ == 0; }  // the newest value stands in the last slot
  bool full() const { return count_ == values_.size(); }
  double oldest() const { return values_[next_]; }  // only when full
  // The value pushed `steps` pushes ago, 1 being the newest; no more than the window holds.
  double back(std::size_t steps) const {
    return values_[next_ >= steps ? next_ - steps : next_ + values_.size() - steps];
  }
  const std::vector<double>& slots() const { return values_; }  // all of them when full, in no particular order
  std::span<const double> filled() const { return std::span(values_).first(count_); }  // the same while it fills
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
