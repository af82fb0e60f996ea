#include "files/candle_stream.hpp"

#include <algorithm>

namespace candled::files {

Result<void> CandleStream::rewind() {
  counts_ = {};
  unique_.reset();
  before_.reset();
  open_.reset();
  last_close_ = {};
  fill_next_ = fill_end_ = {};
  return rows_.rewind();
}

// Rows of one time, one length and one file stand beside each other.
void CandleStream::count_in_file(const CandleRow& row) {
  if (row.unknown) return;
  const bool same = before_ && before_->file == row.file && before_->row.interval == row.row.interval &&
                    before_->row.candle.open_time == row.row.candle.open_time;
  if (same && !(before_->row.candle == row.row.candle)) ++counts_.conflicting_in_file[row.file];
  before_ = row;
}

Result<bool> CandleStream::next_unique(CandleRow& row) {
  for (;;) {
    const Result<bool> more = rows_.next(row);
    if (!more || !*more) return more;
    count_in_file(row);
    if (unique_ && row.row.candle.open_time < unique_->row.candle.open_time + unique_->row.interval) {
      if (row.unknown) continue;
      const bool finer = row.row.interval != unique_->row.interval;
      ++(finer || row.row.candle == unique_->row.candle ? counts_.repeated : counts_.conflicting);
      continue;
    }
    unique_ = row;
    return true;
  }
}

Result<bool> CandleStream::next(Candle& candle) {
  if (fill_next_ < fill_end_) {
    candle = filler();
    return true;
  }
  CandleRow row;
  for (;;) {
    const Result<bool> more = next_unique(row);
    if (!more) return more;
    if (!*more) break;
    if (take(row.row, candle)) return true;
  }
  if (!open_) return false;
  candle = finish(absence_ == Absence::quiet || until_ == open_->open_time + interval_);
  open_.reset();
  return true;
}

Candle CandleStream::filler() {
  Candle candle;
  candle.open_time = fill_next_;
  candle.state = fill_state_;
  if (fill_state_ == CandleState::quiet) candle.open = candle.high = candle.low = candle.close = last_close_;
  if (fill_state_ == CandleState::gap) candle.buy_volume_known = candle.trades_known = false;
  fill_next_ = fill_next_ + interval_;
  return candle;
}

bool CandleStream::take(const FileCandle& row, Candle& finished) {
  const Timestamp at = row.candle.open_time;
  const Timestamp bucket = floor_to(at, interval_);
  const bool both_leave_out = absence_ == Absence::quiet && row.absence == Absence::quiet;
  bool done = false;
  if (!open_) {
    begin(row, row.absence == Absence::quiet || at == bucket);
  } else if (bucket == open_->open_time) {
    if (at > until_ && !(both_leave_out && at - until_ <= believable_pause_max)) partial_ = true;
    merge(row.candle);
  } else {
    const Timestamp end = open_->open_time + interval_;
    finished = finish(both_leave_out || until_ == end);
    done = true;
    const bool quiet = both_leave_out && at - until_ <= believable_pause_max && last_close_.is_positive();
    const bool told = absence_ == Absence::told && row.absence == Absence::told;
    fill_next_ = end;
    fill_end_ = told ? end : bucket;
    fill_state_ = quiet ? CandleState::quiet : CandleState::gap;
    begin(row, both_leave_out || at == bucket);
  }
  until_ = at + row.interval;
  absence_ = row.absence;
  return done;
}

void CandleStream::begin(const FileCandle& row, bool begins_whole) {
  open_ = row.candle;
  if (row.interval == interval_) {
    partial_ = false;
    priced_ = row.candle.close.is_positive();
    return;
  }
  open_->open_time = floor_to(row.candle.open_time, interval_);
  open_->tape = {};
  open_->revision = 0;
  priced_ = row.candle.state == CandleState::traded ||
            (row.candle.state == CandleState::gap && row.candle.close.is_positive());
  partial_ = !begins_whole || row.candle.state == CandleState::gap;
}

void CandleStream::merge(const Candle& part) {
  Candle& c = *open_;
  if (part.state == CandleState::gap) partial_ = true;
  c.trades_known &= part.trades_known;
  c.buy_volume_known &= part.buy_volume_known;
  if (part.state == CandleState::quiet || !part.close.is_positive()) return;
  if (!priced_) {
    c.open = part.open;
    c.high = part.high;
    c.low = part.low;
    priced_ = true;
  }
  c.high = std::max(c.high, part.high);
  c.low = std::min(c.low, part.low);
  c.close = part.close;
  const std::optional<Volume> volume = checked_add(c.volume, part.volume);
  const std::optional<Volume> bought = checked_add(c.buy_volume, part.buy_volume);
  const bool counted = !__builtin_add_overflow(c.trades, part.trades, &c.trades);
  if (!volume || !bought || !counted) {
    partial_ = true;
    return;
  }
  c.volume = *volume;
  c.buy_volume = *bought;
}

Candle CandleStream::finish(bool ends_whole) {
  Candle c = *open_;
  const bool was_whole = until_ == c.open_time + interval_ && !partial_;
  if (partial_ || !ends_whole) {
    c.state = CandleState::gap;
  } else if (c.state == CandleState::quiet && priced_ && c.volume.is_positive()) {
    c.state = CandleState::traded;
  }
  if (!was_whole && c.state == CandleState::gap) c.tape = {};
  if (!c.trades_known) c.trades = 0;
  if (!c.buy_volume_known) c.buy_volume = {};
  if (c.close.is_positive()) last_close_ = c.close;
  return c;
}

}  // namespace candled::files
