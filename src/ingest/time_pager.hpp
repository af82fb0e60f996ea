// TimePager: forwards where the exchange pages by time. Loses no trade at page borders whether the exchange takes `since` as
// inclusive or exclusive.
//
// A jump in the ids is asked for again from a second earlier; only when it stays is it reported as missing.
#pragma once

#include <utility>

#include "ingest/pager.hpp"

namespace candled::ingest {

class TimePager final : public Pager {
 public:
  static constexpr int jump_retries_max = 2;

  TimePager(const PageStart& start, std::size_t page_rows_max, TradeNumbers numbers);

  PageRequest next() const override { return {cursor_, {}}; }
  Step accept(TradesPage& page) override;

 private:
  void keep_new(TradesPage& page) const;
  Timestamp end_of(const TradesPage& page) const;
  void advance_to(Timestamp cursor);
  void pass_known(const TradesPage& page, std::size_t rows_before, std::pair<std::int64_t, std::int64_t> ends,
                  Timestamp page_end, Step& step);

  std::size_t page_rows_max_;
  TradeNumbers numbers_;
  Timestamp from_;
  Timestamp cursor_;
  std::optional<std::int64_t> last_id_;
  Timestamp last_time_;
  bool jump_allowed_;
  int jump_retries_ = 0;
  std::size_t rows_before_ = 2;  // of the last page with news: one with as many may have been cut by the exchange
  std::optional<std::pair<std::int64_t, std::int64_t>> known_;  // first and last id of the last page without news
  int repeats_ = 0;                                             // of that page
  std::vector<Trade> fresh_;
};

}  // namespace candled::ingest
