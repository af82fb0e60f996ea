// NestedSums: the sums of the last a, b and c values, a < b < c, from one ring. O(1) amortised, warm after c values.
//
// Summed afresh each time the ring comes round, so rounding never adds up for longer than c values; exactly 0 when every
// value in the window is 0. For values of about the same size (price ranges).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "candled/features/number.hpp"
#include "candled/features/rolling/window.hpp"

namespace candled::features {

class NestedSums {
 public:
  NestedSums(int a, int b, int c) : window_(c), lengths_{at(a), at(b), at(c)} {
    if (a > b || b > c) invariant_failed("the windows of nested sums do not rise");
  }

  void update(double x) {
    zeros_ = x == 0 ? zeros_ + 1 : 0;
    ++seen_;
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
      const double dropped = seen_ > lengths_[i] ? window_.back(lengths_[i]) : 0;
      sums_[i] = zeros_ >= lengths_[i] ? 0 : sums_[i] + (x - dropped);
    }
    window_.push(x);
    if (window_.came_round()) sum_afresh();
  }
  bool ready() const { return window_.full(); }
  double value(int i) const { return sums_[static_cast<std::size_t>(i)]; }  // 0, 1, 2
  void clear() {
    window_.clear();
    sums_ = {};
    seen_ = zeros_ = 0;
  }

  template <class Archive>
  void state(Archive& archive) {
    window_.state(archive);
    archive(sums_);
    archive(seen_);
    archive(zeros_);
  }

 private:
  static std::size_t at(int n) { return n < 1 ? 1 : static_cast<std::size_t>(n); }
  // The slots stand in the order of time now, and there are as many as the longest window.
  void sum_afresh() {
    const std::vector<double>& slots = window_.slots();
    double sum = 0;
    std::size_t added = 0;
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
      while (added < lengths_[i]) sum += slots[slots.size() - ++added];
      sums_[i] = sum;
    }
  }

  Window window_;
  std::array<std::size_t, 3> lengths_;
  std::array<double, 3> sums_{};
  std::uint64_t seen_ = 0;   // values
  std::uint64_t zeros_ = 0;  // in a row, the newest included
};

}  // namespace candled::features
