// History: the released trades of one market, in id order, findable by time. Old ones are forgotten beyond a limit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>

#include "candled/domain/trade.hpp"

namespace candled::simulator {

class History {
 public:
  explicit History(std::size_t trades_max = SIZE_MAX) : trades_max_(trades_max) {}

  void add(const Trade& trade) {
    trades_.push_back(trade);
    if (trades_.size() > trades_max_) trades_.pop_front();
  }
  std::size_t size() const { return trades_.size(); }
  bool empty() const { return trades_.empty(); }
  const Trade& operator[](std::size_t i) const { return trades_[i]; }
  const Trade& back() const { return trades_.back(); }

  // Index of the first trade at or after / after this time; size() if there is none.
  std::size_t first_at(Timestamp time) const {
    return index(std::lower_bound(trades_.begin(), trades_.end(), time,
                                  [](const Trade& t, Timestamp at) { return t.time < at; }));
  }
  std::size_t first_after(Timestamp time) const {
    return index(std::upper_bound(trades_.begin(), trades_.end(), time,
                                  [](Timestamp at, const Trade& t) { return at < t.time; }));
  }

 private:
  std::size_t index(std::deque<Trade>::const_iterator at) const {
    return static_cast<std::size_t>(at - trades_.begin());
  }

  std::size_t trades_max_;
  std::deque<Trade> trades_;
};

}  // namespace candled::simulator
