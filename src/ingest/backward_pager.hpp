// Backwards, from newer trades to older ones: a step holds trades below all that came before, ascending among themselves.
//
// By id it is one window below the other. By time it is a span below the other: a page must reach from the start of its span to
// what is known already, so a page that the exchange cut makes the span shorter, and a nearly empty one longer.
#pragma once

#include "ingest/pager.hpp"

namespace candled::ingest {

// What both have: which rows are new, and where the walk stands.
class BackwardWalk {
 public:
  BackwardWalk(const BackwardStart& start, TradeNumbers numbers);

  Timestamp before() const { return before_; }
  std::optional<std::int64_t> before_id() const { return before_id_; }
  Timestamp from() const { return from_; }
  std::int64_t last_id() const { return last_id_; }

  // Nothing is left to be asked for.
  bool at_end() const { return ended_ || (before_id_ && *before_id_ <= last_id_ + 1); }
  // Takes the highest run of new rows without a jump; `missing` are the ids between it and what came before.
  Pager::Step take(TradesPage& page);

 private:
  TradeNumbers numbers_;
  Timestamp before_;
  std::optional<std::int64_t> before_id_;
  Timestamp from_;
  std::int64_t last_id_;
  bool ended_ = false;  // a trade older than `from` was seen
  std::vector<Trade> fresh_;
};

class BackwardIdPager final : public Pager {
 public:
  // start: before_id.
  BackwardIdPager(const BackwardStart& start, std::size_t page_rows_max, TradeNumbers numbers);

  PageRequest next() const override;
  Step accept(TradesPage& page) override;

 private:
  BackwardWalk walk_;
  std::int64_t window_;
};

class BackwardTimePager final : public Pager {
 public:
  BackwardTimePager(const BackwardStart& start, std::size_t page_rows_max, TradeNumbers numbers);

  PageRequest next() const override;
  Step accept(TradesPage& page) override;

 private:
  bool was_cut(const TradesPage& page);

  BackwardWalk walk_;
  std::size_t page_rows_max_;
  std::int64_t doubted_ = 0;  // the newest trade of the last page that did not reach what is known
  Duration span_ = Duration::minutes(1);
};

}  // namespace candled::ingest
