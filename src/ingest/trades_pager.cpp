#include "ingest/trades_pager.hpp"

#include <algorithm>
#include <cstdlib>

namespace candled::ingest {
namespace {

// A row's time is a rounded double and may be later than the trade; a cursor made from it stays this far behind.
constexpr Duration row_time_error = Duration::nanoseconds(1000);
// `last` is the time of the last row but for that rounding. One that is further off is wrong.
constexpr Duration last_error_max = Duration::seconds(1);
// A hole is asked for again from this much earlier.
constexpr Duration jump_step_back = Duration::seconds(1);
// Rows near the start may carry a time rounded to below it.
constexpr Duration start_rounding = Duration::nanoseconds(500);

}  // namespace

void TradesPage::clear() {
  trades.clear();
  rows = bad_rows = 0;
  last.reset();
  problem.clear();
}

TradesPager::TradesPager(const PageStart& start)
    : from_(start.from),
      cursor_(start.from - Duration::nanoseconds(1)),
      last_id_(start.last_id),
      last_time_(start.from),
      jump_allowed_(start.jump_allowed) {}

// Leaves the new rows in the page, ascending by id, each once. The time limit only holds for the first trade of a walk.
void TradesPager::keep_new(TradesPage& page) const {
  std::vector<Trade>& rows = page.trades;
  if (!std::ranges::is_sorted(rows, {}, &Trade::id)) std::ranges::stable_sort(rows, {}, &Trade::id);
  const auto repeated = std::ranges::unique(rows, {}, &Trade::id);
  rows.erase(repeated.begin(), repeated.end());
  const auto old = [this](const Trade& trade) {
    return last_id_ ? trade.id <= *last_id_ : trade.time + start_rounding < from_;
  };
  rows.erase(rows.begin(), std::ranges::find_if_not(rows, old));
}

Timestamp TradesPager::end_of(const TradesPage& page) const {
  Timestamp newest{INT64_MIN};
  for (const Trade& trade : page.trades) newest = std::max(newest, trade.time);
  const bool rows_known = !page.trades.empty();
  if (page.last) {
    const Duration off{rows_known ? std::abs((*page.last - newest).ns) : 0};
    if (off <= last_error_max) return *page.last - Duration::nanoseconds(1);
  }
  return rows_known ? newest - row_time_error : cursor_;
}

void TradesPager::advance_to(Timestamp cursor) { cursor_ = std::max(cursor_, cursor); }

TradesPager::Step TradesPager::accept(TradesPage& page) {
  Step step;
  const Timestamp page_end = end_of(page);
  const std::size_t rows_before = rows_most_;
  rows_most_ = std::max(rows_most_, page.rows);
  keep_new(page);
  if (page.trades.empty()) {
    if (page.rows >= std::min(rows_before, page_rows_max)) {
      // A full page of known trades: go on at its end, or step over a group of one time that is larger than a page.
      cursor_ = std::max(page_end, cursor_ + Duration::nanoseconds(1));
    } else {
      step.caught_up = true;
    }
    return step;
  }
  if (last_id_ && page.trades.front().id != *last_id_ + 1) {
    if (!jump_allowed_ && jump_retries_ < jump_retries_max) {
      ++jump_retries_;
      cursor_ = last_time_ - jump_step_back * jump_retries_;
      return step;
    }
    step.missing = IdRange{*last_id_ + 1, page.trades.front().id - 1};
  }
  jump_allowed_ = false;
  jump_retries_ = 0;
  const auto jump = std::ranges::adjacent_find(page.trades, [](const Trade& a, const Trade& b) { return b.id != a.id + 1; });
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
