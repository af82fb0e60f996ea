#include "ingest/backward_pager.hpp"

#include <algorithm>
#include <utility>

namespace candled::ingest {
namespace {

constexpr Duration span_min = Duration::nanoseconds(10'000);  // a page that is cut within it holds one instant only
constexpr Duration span_max = Duration::days(3650);
// Where only a time is known, a page that comes this near to it reaches it.
constexpr Duration overlap = Duration::milliseconds(10);

}  // namespace

BackwardWalk::BackwardWalk(const BackwardStart& start, TradeNumbers numbers)
    : numbers_(numbers),
      before_(start.before),
      before_id_(start.before_id),
      from_(start.from),
      last_id_(start.last_id.value_or(0)) {}

Pager::Step BackwardWalk::take(TradesPage& page) {
  Pager::Step step;
  sort_rows(page.trades);
  std::erase_if(page.trades, [this](const Trade& trade) {
    return trade.id <= last_id_ || (before_id_ ? trade.id >= *before_id_ : trade.time >= before_);
  });
  const auto first = std::ranges::find_if(page.trades, [this](const Trade& trade) { return trade.time >= from_; });
  ended_ = ended_ || first != page.trades.begin();
  if (first == page.trades.end()) return step;
  auto run = page.trades.end() - 1;
  const auto joins = [this](const Trade& trade, std::int64_t next) {
    return numbers_ == TradeNumbers::ascending || next == trade.id + 1;
  };
  while (run != first && joins(*(run - 1), run->id)) --run;
  ended_ = ended_ && run == first;
  fresh_.assign(run, page.trades.end());
  if (before_id_ && !joins(fresh_.back(), *before_id_)) step.missing = IdRange{fresh_.back().id + 1, *before_id_ - 1};
  before_id_ = fresh_.front().id;
  before_ = fresh_.front().time;
  step.trades = fresh_;
  return step;
}

BackwardIdPager::BackwardIdPager(const BackwardStart& start, std::size_t page_rows_max, TradeNumbers numbers)
    : walk_(start, numbers), window_(static_cast<std::int64_t>(page_rows_max)) {}

PageRequest BackwardIdPager::next() const {
  const std::int64_t before = walk_.before_id().value_or(1);
  return {{}, IdRange{std::max(walk_.last_id() + 1, before - window_), before - 1}};
}

Pager::Step BackwardIdPager::accept(TradesPage& page) {
  if (walk_.at_end()) return {.caught_up = true};
  Step step = walk_.take(page);
  step.caught_up = step.trades.empty();
  return step;
}

BackwardTimePager::BackwardTimePager(const BackwardStart& start, std::size_t page_rows_max, TradeNumbers numbers)
    : walk_(start, numbers), page_rows_max_(page_rows_max) {}

PageRequest BackwardTimePager::next() const {
  return {std::max({walk_.before() - span_, walk_.from() - Duration::nanoseconds(1), Timestamp{}}), {}};
}

// The page ends below what is known already: either the exchange cut it, or the ids in between are not there. A shorter span
// that ends at the same trade says the latter.
bool BackwardTimePager::was_cut(const TradesPage& page) {
  std::int64_t newest = 0;
  Timestamp newest_time;
  for (const Trade& trade : page.trades) {
    newest = std::max(newest, trade.id);
    newest_time = std::max(newest_time, trade.time);
  }
  const bool reaches = walk_.before_id() ? newest + 1 >= *walk_.before_id() : newest_time + overlap >= walk_.before();
  if (newest == 0 || reaches) return false;
  return page.rows >= page_rows_max_ || std::exchange(doubted_, newest) != newest;
}

Pager::Step BackwardTimePager::accept(TradesPage& page) {
  if (walk_.at_end()) return {.caught_up = true};
  const bool reaches_start = *next().since < walk_.from() || next().since->ns <= 0;
  if (was_cut(page)) {
    if (span_ <= span_min) return {.stuck = true};
    span_ = Duration{std::min(span_, walk_.before() - *next().since).ns / 2};
    return {};
  }
  const std::size_t rows = page.rows;
  Step step = walk_.take(page);
  step.caught_up = step.trades.empty() && reaches_start;
  if (rows < page_rows_max_ / 4) span_ = std::min(span_ * 4, span_max);
  return step;
}

}  // namespace candled::ingest
