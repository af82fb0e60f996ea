#include "files/trade_stream.hpp"

#include <algorithm>
#include <vector>

#include "candled/domain/made_id.hpp"

namespace candled::files {
namespace {

// Times rise with ids but for neighbours; a row that is further off has a broken time or a broken id.
constexpr Duration disorder_max = Duration::seconds(5);

}  // namespace

Duration between_made_ids(std::int64_t earlier, std::int64_t later) { return {later - earlier}; }

void TradeStream::begin_again() {
  counts_ = {};
  unique_.reset();
  seen_.clear();
  base_id_ = 0;
  last_made_id_ = INT64_MIN;
}

Result<void> TradeStream::rewind() {
  begin_again();
  last_time_.reset();
  ahead_.reset();
  if (Result<void> begun = find_beginning(); !begun) return begun;
  begin_again();
  if (Result<void> rewound = rows_.rewind(); !rewound) return rewound;
  TradeRow first;
  const Result<bool> any = next_unique(first);
  if (!any) return std::unexpected(any.error());
  if (*any) ahead_ = first;
  return {};
}

// The first row has none before it that could tell whether its time is broken; the ones behind it can.
Result<void> TradeStream::find_beginning() {
  constexpr std::size_t rows_asked = 9;
  if (Result<void> rewound = rows_.rewind(); !rewound) return rewound;
  std::vector<Timestamp> times;
  TradeRow row;
  while (times.size() < rows_asked) {
    const Result<bool> more = next_unique(row);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    times.push_back(row.trade.time);
  }
  if (times.empty()) return {};
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  first_time_max_ = *middle + disorder_max;
  return {};
}

// False: another file has brought this one already.
bool TradeStream::make_id(TradeRow& row) {
  if (row.trade.id != base_id_) {
    constexpr std::size_t usual_size_max = 64;  // a large table is not emptied for every row that follows
    if (seen_.bucket_count() > usual_size_max) seen_ = {};
    seen_.clear();
    base_id_ = row.trade.id;
  }
  Seen& seen = seen_[content_of(row.trade)];
  if (seen.file != row.file) seen = {row.file, 0, seen.taken};
  if (++seen.in_file <= seen.taken) return false;
  seen.taken = seen.in_file;
  last_made_id_ = std::max(base_id_, last_made_id_ + 1);
  row.trade.id = last_made_id_;
  return true;
}

Result<bool> TradeStream::next_unique(TradeRow& row) {
  for (;;) {
    const Result<bool> more = rows_.next(row);
    if (!more || !*more) return more;
    if (made_ && !make_id(row)) {
      ++counts_.repeated;
      continue;
    }
    if (unique_ && row.trade.id <= unique_->trade.id) {
      const bool same = content_of(row.trade) == content_of(unique_->trade);
      ++(same ? counts_.repeated : counts_.conflicting);
      continue;
    }
    unique_ = row;
    return true;
  }
}

Result<bool> TradeStream::next(Trade& trade, const Refused& refused) {
  while (ahead_) {
    const TradeRow row = *ahead_;
    TradeRow following;
    const Result<bool> more = next_unique(following);
    if (!more) return more;
    ahead_ = *more ? std::optional(following) : std::nullopt;
    const Timestamp time = row.trade.time;
    const bool is_judged = row.trade.id >= 0 && !row.exported;
    if (is_judged && last_time_ && time < *last_time_ - disorder_max) {
      refused(row, "its time is before that of smaller ids");
      continue;
    }
    // A time that is too late for the next row, which itself agrees with the one before: this one is broken.
    const bool next_agrees = ahead_ && last_time_ && ahead_->trade.time >= *last_time_ - disorder_max;
    const bool too_late = last_time_ ? next_agrees && time > ahead_->trade.time + disorder_max : time > first_time_max_;
    if (is_judged && too_late) {
      refused(row, "its time is behind that of larger ids");
      continue;
    }
    last_time_ = last_time_ ? std::max(*last_time_, time) : time;
    trade = row.trade;
    row_ = row;
    return true;
  }
  return false;
}

}  // namespace candled::files
