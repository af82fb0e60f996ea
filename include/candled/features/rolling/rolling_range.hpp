// RollingMaximum and RollingRange: highest high and lowest low of the last n candles. O(1) amortised, warm after n
// values. Source: the monotonic queue (D. Lemire, "Streaming maximum-minimum filter using no more than three
// comparisons per element").
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class RollingMaximum {
 public:
  explicit RollingMaximum(int n) : candidates_(n < 1 ? 0 : static_cast<std::size_t>(n)), n_(n) {
    if (n < 1) invariant_failed("an indicator's period is below 1");
  }

  void update(double x) {
    if (count_ > 0 && candidates_[first_].position + n_ <= position_) {
      first_ = wrap(first_ + 1);
      --count_;
    }
    while (count_ > 0 && candidates_[wrap(first_ + count_ - 1)].value <= x) --count_;
    candidates_[wrap(first_ + count_)] = {x, position_};
    ++count_;
    ++position_;
  }
  bool ready() const { return position_ >= n_; }
  double value() const { return ready() ? candidates_[first_].value : unknown; }
  // Values since the maximum, 0 if it is the newest; of equal ones the most recent counts.
  double age() const { return ready() ? static_cast<double>(position_ - 1 - candidates_[first_].position) : unknown; }
  void clear() {
    first_ = count_ = 0;
    position_ = 0;
  }

  // Starts over if the bytes that were read do not fit together.
  template <class Archive>
  void state(Archive& archive) {
    for (Candidate& candidate : candidates_) {
      archive(candidate.value);
      archive(candidate.position);
    }
    archive(first_);
    archive(count_);
    archive(position_);
    if (!consistent()) clear();
  }

 private:
  struct Candidate {
    double value = 0;
    std::int64_t position = 0;
  };
  bool consistent() const {
    if (first_ >= candidates_.size() || count_ > candidates_.size()) return false;
    if (position_ < 0 || position_ > INT64_MAX / 2) return false;
    std::int64_t least = position_ - n_;
    for (std::size_t i = 0; i < count_; ++i) {
      const std::int64_t position = candidates_[wrap(first_ + i)].position;
      if (position < least || position >= position_) return false;
      least = position + 1;
    }
    return true;
  }
  std::size_t wrap(std::size_t slot) const { return slot >= candidates_.size() ? slot - candidates_.size() : slot; }

  // Falling values, each of which is the maximum once those before it have left the window.
  std::vector<Candidate> candidates_;
  std::int64_t n_;
  std::size_t first_ = 0, count_ = 0;
  std::int64_t position_ = 0;  // values seen
};

class RollingRange {
 public:
  explicit RollingRange(int n) : high_(n), negated_low_(n) {}

  void update(double high, double low) {
    high_.update(high);
    negated_low_.update(-low);
  }
  bool ready() const { return high_.ready(); }
  double highest() const { return high_.value(); }
  double lowest() const { return -negated_low_.value(); }
  double age_of_highest() const { return high_.age(); }
  double age_of_lowest() const { return negated_low_.age(); }
  void clear() {
    high_.clear();
    negated_low_.clear();
  }

  template <class Archive>
  void state(Archive& archive) {
    high_.state(archive);
    negated_low_.state(archive);
  }

 private:
  RollingMaximum high_, negated_low_;
};

}  // namespace candled::features
