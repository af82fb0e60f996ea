// IdPager: forwards where the exchange pages by id. Asks for one window of ids after the other.
//
// A jump in the ids is asked for again; only when it stays is it reported as missing. An exchange that has deleted its oldest
// trades gives the oldest that it has instead: the same. One that answers a window with the trades below it gives nothing new.
#pragma once

#include "ingest/pager.hpp"

namespace candled::ingest {

class IdPager final : public Pager {
 public:
  static constexpr int jump_retries_max = 2;

  // start: last_id, or a first_id.
  IdPager(const PageStart& start, std::size_t page_rows_max, TradeNumbers numbers);

  PageRequest next() const override;
  Step accept(TradesPage& page) override;

 private:
  void keep_new(TradesPage& page) const;
  void pass_window(std::int64_t highest, Step& step);

  std::int64_t window_;
  TradeNumbers numbers_;
  Timestamp from_;
  std::optional<std::int64_t> last_id_;
  std::int64_t position_;  // the first id of the next window
  std::int64_t known_id_;
  bool jump_allowed_;
  bool window_passed_ = false;  // the jump to the next trade was asked for, window by window
  int jump_retries_ = 0;
  std::vector<Trade> fresh_;
};

}  // namespace candled::ingest
