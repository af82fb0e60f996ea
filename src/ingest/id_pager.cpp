#include "ingest/id_pager.hpp"

#include <algorithm>

namespace candled::ingest {
namespace {

// Rows near the start may carry a time rounded to below it.
constexpr Duration start_rounding = Duration::nanoseconds(500);

}  // namespace

IdPager::IdPager(const PageStart& start, std::size_t page_rows_max, TradeNumbers numbers)
    : window_(static_cast<std::int64_t>(page_rows_max)),
      numbers_(numbers),
      from_(start.from),
      last_id_(start.last_id),
      position_(std::max(start.first_id.value_or(1), start.last_id.value_or(0) + 1)),
      known_id_(start.known_id.value_or(0)),
      jump_allowed_(start.jump_allowed) {}

PageRequest IdPager::next() const { return {{}, IdRange{position_, position_ + window_ - 1}}; }

// Leaves the new rows in the page. The time limit only holds for the first trade of a walk.
void IdPager::keep_new(TradesPage& page) const {
  sort_rows(page.trades);
  const auto old = [this](const Trade& trade) {
    if (last_id_ && !jump_allowed_) return trade.id <= *last_id_;
    return trade.id < position_ || trade.time + start_rounding < from_;
  };
  page.trades.erase(page.trades.begin(), std::ranges::find_if_not(page.trades, old));
}

// Nothing new in this window. Its trades may be older than the walk, or it lies below a trade that exists; else it is the end.
void IdPager::pass_window(std::int64_t highest, Step& step) {
  const std::int64_t next_window = position_ + window_;
  if (highest >= position_) {
    position_ = highest + 1;
  } else if (known_id_ >= next_window) {
    position_ = next_window;
    window_passed_ = true;
  } else {
    step.caught_up = true;
  }
}

Pager::Step IdPager::accept(TradesPage& page) {
  Step step;
  std::int64_t highest = 0;
  for (const Trade& trade : page.trades) highest = std::max(highest, trade.id);
  keep_new(page);
  if (page.trades.empty()) {
    pass_window(highest, step);
    return step;
  }
  const bool contiguous = numbers_ == TradeNumbers::contiguous;
  if (contiguous && last_id_ && page.trades.front().id != *last_id_ + 1) {
    if (!jump_allowed_ && !window_passed_ && jump_retries_ < jump_retries_max) {
      ++jump_retries_;
      return step;
    }
    step.missing = IdRange{*last_id_ + 1, page.trades.front().id - 1};
  }
  jump_allowed_ = window_passed_ = false;
  jump_retries_ = 0;
  const auto jump = std::ranges::adjacent_find(
      page.trades, [=](const Trade& a, const Trade& b) { return contiguous && b.id != a.id + 1; });
  fresh_.assign(page.trades.begin(), jump == page.trades.end() ? jump : jump + 1);
  last_id_ = fresh_.back().id;
  position_ = *last_id_ + 1;
  step.trades = fresh_;
  return step;
}

}  // namespace candled::ingest
