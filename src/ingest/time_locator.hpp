// TimeLocator: finds an id to page from for a time, where the exchange pages by id. Halves the numbers between the first and
// the newest. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ingest/pager.hpp"

namespace candled::ingest {

class TimeLocator {
 public:
  TimeLocator(Timestamp time, std::size_t page_rows_max)
      : time_(time), window_(static_cast<std::int64_t>(page_rows_max)) {}

  // Ask for this page and give it to accept().
  PageRequest next() const;
  enum class Verdict { ask_again, found, nowhere };  // nowhere: the market has no trades
  Verdict accept(const TradesPage& page);

  // Found: no trade at or after the time has a lower id. A little below it, for neighbours that were stamped out of order.
  std::int64_t id() const { return std::max<std::int64_t>(answer_ - window_ / 4, 1); }

 private:
  std::int64_t probed() const;

  Timestamp time_;
  std::int64_t window_;
  std::int64_t low_ = 1,
               high_ = 0;    // where a trade lower than answer_ may be, high_ exclusive; 0: the newest is not known yet
  std::int64_t answer_ = 0;  // the lowest trade at or after the time that was seen, or the id behind the newest
};

}  // namespace candled::ingest
