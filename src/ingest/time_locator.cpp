#include "ingest/time_locator.hpp"

#include <algorithm>

namespace candled::ingest {

std::int64_t TimeLocator::probed() const { return high_ - low_ <= window_ ? low_ : low_ + (high_ - low_) / 2; }

PageRequest TimeLocator::next() const {
  if (high_ == 0) return {};  // the newest page
  return {{}, IdRange{probed(), probed() + window_ - 1}};
}

TimeLocator::Verdict TimeLocator::accept(const TradesPage& page) {
  if (page.trades.empty() && high_ == 0) return Verdict::nowhere;
  IdRange asked{probed(), probed() + window_ - 1};
  if (high_ == 0) {
    answer_ = high_ = std::ranges::max(page.trades, {}, &Trade::id).id + 1;
    asked = {high_, high_ - 1};
  }
  std::int64_t at_or_after = 0, before = 0;  // the first such trade of the page, and the last in front of it
  for (const Trade& trade : page.trades) {
    if (trade.time >= time_ && (at_or_after == 0 || trade.id < at_or_after)) at_or_after = trade.id;
  }
  for (const Trade& trade : page.trades) {
    if (trade.time < time_ && (at_or_after == 0 || trade.id < at_or_after)) before = std::max(before, trade.id);
  }
  if (at_or_after == 0) {
    low_ = std::max({low_, asked.last + 1, before + 1});
  } else {
    answer_ = std::min(answer_, at_or_after);
    high_ = before != 0 ? low_
                        : std::min({high_, at_or_after, asked.first});  // both in one page: nothing lies between them
  }
  return low_ >= high_ ? Verdict::found : Verdict::ask_again;
}

}  // namespace candled::ingest
