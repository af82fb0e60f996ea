// SequenceTracker: puts the trades of one market in id order. A trade that continues the sequence passes at once; one that
// leaves a sequence gap in front of it is held back until the sequence gap is filled or given up. Pure; nothing is allocated for a trade that
// is in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "candled/domain/trade.hpp"
#include "candled/ingest/exchange_descriptor.hpp"

namespace candled::ingest {

struct IdRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t count() const { return last - first + 1; }
  friend bool operator==(const IdRange&, const IdRange&) = default;
};

class SequenceTracker {
 public:
  enum class Verdict { passed, duplicate, held };

  explicit SequenceTracker(TradeNumbers numbers = TradeNumbers::contiguous) : numbers_(numbers) {}

  // The sequence goes on behind this id. Before the first call every trade is held back. Call release() afterwards.
  void start_behind(std::int64_t last_id) { last_id_ = last_id; }
  std::optional<std::int64_t> last_id() const { return last_id_; }

  // Calls emit(trade) for this trade and for the held ones that continue behind it, if it is the next.
  template <class Emit>
  Verdict offer(const Trade& trade, Emit&& emit) {
    if (!last_id_ || !continues(trade)) return hold(trade);
    if (trade.id <= *last_id_) return Verdict::duplicate;
    last_id_ = trade.id;
    emit(trade);
    if (!held_.empty()) {
      drop_outliers(trade);
      release(emit);
    }
    return Verdict::passed;
  }

  // Emits the held trades that continue the sequence.
  template <class Emit>
  void release(Emit&& emit) {
    while (last_id_ && !held_.empty() && continues(held_.front())) {
      if (held_.front().id > *last_id_) {
        last_id_ = held_.front().id;
        emit(held_.front());
      }
      held_.pop_front();
    }
  }

  // The sequence gap in front of the held trades, if there is one.
  std::optional<IdRange> missing() const;
  // Gives that sequence gap up: the sequence goes on behind it. Record the sequence gap, then call release().
  IdRange skip_missing();

  // The newest that passed or is held; after start_behind().
  std::int64_t newest_id() const { return held_.empty() ? *last_id_ : held_.back().id; }
  std::size_t held_count() const { return held_.size(); }
  const Trade* first_held() const { return held_.empty() ? nullptr : &held_.front(); }
  // Held trades whose id was disproved, see drop_outliers; counts up.
  std::int64_t outliers() const { return outliers_; }
  // Forgets the first held trade, whose id nobody believes.
  void drop_first_held();

 private:
  // Nothing is missing in front of it.
  bool continues(const Trade& trade) const { return trade.id <= *last_id_ + 1 || numbers_ == TradeNumbers::ascending; }
  Verdict hold(const Trade& trade);
  // Ids and times rise together. A held trade that is clearly older than one that just continued the sequence has a wrong id
  // (a broken row), and waiting for the ids in front of it would block the market for ever.
  void drop_outliers(const Trade& passed);

  TradeNumbers numbers_;
  std::optional<std::int64_t> last_id_;
  std::deque<Trade> held_;  // ascending ids, no duplicates
  std::int64_t outliers_ = 0;
};

}  // namespace candled::ingest
