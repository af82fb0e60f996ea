// TradesPager: walks through the trades of one market page by page, oldest first, and loses none at page borders whether the
// exchange takes `since` as inclusive or exclusive. Pure: the caller fetches the pages.
//
//   pager.next() -> fetch that page -> pager.accept(page) -> new trades; until caught_up or stuck
//
// A jump in the ids is asked for again from a second earlier; only when it stays is it reported as missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/trade.hpp"
#include "ingest/sequence_tracker.hpp"

namespace candled::ingest {

// One answer of the exchange.
struct TradesPage {
  std::vector<Trade> trades;      // rows that could be read, in the order of the exchange
  std::size_t rows = 0;           // all rows
  std::size_t bad_rows = 0;       // those that could not be read
  std::optional<Timestamp> last;  // the exchange's cursor for the next page, where it gives one that makes sense
  std::string problem;            // of the first bad row

  void clear();
};

// What to ask for: an exchange pages by time or by id, and takes the one it needs.
struct PageCursor {
  Timestamp since;
  std::optional<std::int64_t> last_id;  // the last trade that we have
};

// Where a walk begins.
struct PageStart {
  Timestamp from;                       // no trade before this
  std::optional<std::int64_t> last_id;  // only ids behind this one; none: whatever comes first
  bool jump_allowed = false;            // the first trade may leave a hole behind last_id: it is reported without asking again
};

class TradesPager {
 public:
  static constexpr int jump_retries_max = 2;
  static constexpr std::size_t page_rows_max = 1000;

  explicit TradesPager(const PageStart& start);

  PageCursor next() const { return {cursor_, last_id_}; }

  struct Step {
    std::span<const Trade> trades;   // new, ascending ids, without a jump; valid until the next accept()
    std::optional<IdRange> missing;  // in front of them: the exchange does not have these
    bool caught_up = false;          // there was nothing new
    bool stuck = false;              // the exchange gives the same known page whatever it is asked for; nothing more can be had now
  };
  Step accept(TradesPage& page);

 private:
  void keep_new(TradesPage& page) const;
  Timestamp end_of(const TradesPage& page) const;
  void advance_to(Timestamp cursor);
  void pass_known(const TradesPage& page, std::size_t rows_before, std::pair<std::int64_t, std::int64_t> ends, Timestamp page_end,
                  Step& step);

  Timestamp from_;
  Timestamp cursor_;
  std::optional<std::int64_t> last_id_;
  Timestamp last_time_;
  bool jump_allowed_;
  int jump_retries_ = 0;
  std::size_t rows_before_ = 2;  // of the last page with news: one with as many may have been cut by the exchange
  std::optional<std::pair<std::int64_t, std::int64_t>> known_;  // first and last id of the last page without news
  int repeats_ = 0;              // of that page
  std::vector<Trade> fresh_;
};

}  // namespace candled::ingest
