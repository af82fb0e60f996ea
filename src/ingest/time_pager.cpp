#include "ingest/time_pager.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace candled::ingest {
namespace {

// A row's time is a rounded double and may be later than the trade; a cursor made from it stays this far behind.
constexpr Duration row_time_error = Duration::nanoseconds(1000);
// `last` is the time of the last row but for that rounding. One that is further off is wrong.
constexpr Duration last_error_max = Duration::seconds(1);
// A sequence gap is asked for again from this much earlier.
constexpr Duration jump_step_back = Duration::seconds(1);
// Rows near the start may carry a time rounded to below it.
constexpr Duration start_rounding = Duration::nanoseconds(500);
// A page that came once more: the step forward doubles from a nanosecond, and after so many (8 ms) the exchange is not answering
// what it is asked.
constexpr int repeats_max = 23;

// What a page says before anything is left out of it, to know it again.
std::pair<std::int64_t, std::int64_t> ends_of(const TradesPage& page) {
  if (page.trades.empty()) return {0, 0};
  const auto [least, most] = std::ranges::minmax(page.trades, {}, &Trade::id);
  return {least.id, most.id};
}

}  // namespace

TimePager::TimePager(const PageStart& start, std::size_t page_rows_max, TradeNumbers numbers)
    : page_rows_max_(page_rows_max),
      numbers_(numbers),
      from_(start.from),
      cursor_(start.from - Duration::nanoseconds(1)),
      last_id_(start.last_id),
      last_time_(start.from),
      jump_allowed_(start.jump_allowed) {}

// Leaves the new rows in the page, ascending by id, each once. The time limit only holds for the first trade of a walk.
void TimePager::keep_new(TradesPage& page) const {
  std::vector<Trade>& rows = page.trades;
  sort_rows(rows);
  const auto old = [this](const Trade& trade) {
    return last_id_ ? trade.id <= *last_id_ : trade.time + start_rounding < from_;
  };
  rows.erase(rows.begin(), std::ranges::find_if_not(rows, old));
}

Timestamp TimePager::end_of(const TradesPage& page) const {
  Timestamp newest{INT64_MIN};
  for (const Trade& trade : page.trades) newest = std::max(newest, trade.time);
  const bool rows_known = !page.trades.empty();
  if (page.last) {
    const Duration off{rows_known ? std::abs((*page.last - newest).ns) : 0};
    if (off <= last_error_max) return *page.last - Duration::nanoseconds(1);
  }
  return rows_known ? newest - row_time_error : cursor_;
}

void TimePager::advance_to(Timestamp cursor) { cursor_ = std::max(cursor_, cursor); }

// A page without anything new. An empty one is the end. One that is as full as the page before it, or that stops in front of what
// is known already, may have been cut: the walk goes on at its end, or steps over a group of one time that is larger than a page.
// A short page that ends with the last known trade is the end; so is a cut one that comes a second time (REST lags).
void TimePager::pass_known(const TradesPage& page, std::size_t rows_before, std::pair<std::int64_t, std::int64_t> ends,
                           Timestamp page_end, Step& step) {
  const bool repeated = known_ == ends;
  known_ = ends;
  repeats_ = repeated ? repeats_ + 1 : 0;
  const bool full = page.rows >= std::min(rows_before, page_rows_max_);
  const bool cut = last_id_ && ends.second < *last_id_ && page.rows > 0;
  if (!full && (!cut || repeated)) {
    step.caught_up = true;
  } else if (repeats_ > repeats_max) {
    step.stuck = true;
  } else {
    cursor_ = std::max(page_end, cursor_ + Duration::nanoseconds(std::int64_t{1} << repeats_));
  }
}

Pager::Step TimePager::accept(TradesPage& page) {
  Step step;
  const Timestamp page_end = end_of(page);
  const std::pair ends = ends_of(page);
  const std::size_t rows_before = std::exchange(rows_before_, std::max<std::size_t>(page.rows, 2));
  keep_new(page);
  if (page.trades.empty()) {
    rows_before_ = rows_before;
    pass_known(page, rows_before, ends, page_end, step);
    return step;
  }
  repeats_ = 0;
  known_.reset();
  const bool contiguous = numbers_ == TradeNumbers::contiguous;
  if (contiguous && last_id_ && page.trades.front().id != *last_id_ + 1) {
    if (!jump_allowed_ && jump_retries_ < jump_retries_max) {
      ++jump_retries_;
      cursor_ = last_time_ - jump_step_back * jump_retries_;
      return step;
    }
    step.missing = IdRange{*last_id_ + 1, page.trades.front().id - 1};
  }
  jump_allowed_ = false;
  jump_retries_ = 0;
  const auto jump = std::ranges::adjacent_find(
      page.trades, [=](const Trade& a, const Trade& b) { return contiguous && b.id != a.id + 1; });
  const bool whole = jump == page.trades.end();
  fresh_.assign(page.trades.begin(), whole ? jump : jump + 1);
  last_id_ = fresh_.back().id;
  last_time_ = fresh_.back().time;
  if (whole) {
    advance_to(page_end);
  } else {
    cursor_ = last_time_ - jump_step_back;
  }
  step.trades = fresh_;
  return step;
}

}  // namespace candled::ingest
