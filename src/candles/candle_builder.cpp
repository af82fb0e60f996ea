#include "candled/candles/candle_builder.hpp"

#include <algorithm>
#include <limits>

namespace candled::candles {

CandleBuilder::CandleBuilder(const CandleSettings& settings) : settings_(settings) {
  if (settings.interval <= Duration{} || settings.grace < Duration{} || settings.grace >= settings.interval) {
    invariant_failed("candle settings: 0 <= grace < interval does not hold");
  }
}

std::optional<Candle> CandleBuilder::close_due(Timestamp engine_time, bool proven) {
  if (!started_) {
    started_ = true;
    engine_time_ = engine_time;
    next_open_ = oldest_open_at(engine_time);
  }
  engine_time_ = std::max(engine_time_, engine_time);
  while (is_due(next_open_)) {
    const Candle candle = close_oldest(proven);
    if (last_close_.is_positive()) return candle;
    // Nothing has traded yet, so there is nothing to tell, however long that lasts.
    if (open_[0].sums.empty() && is_due(next_open_)) {
      open_ = {};
      next_open_ = oldest_open_at(engine_time_);
    }
  }
  return std::nullopt;
}

Candle CandleBuilder::close_oldest(bool proven) {
  const OpenCandle& oldest = open_[0];
  const bool behind_sequence_gap = sequence_gap_from_ && next_open_ >= *sequence_gap_from_;
  const bool complete =
      proven && !oldest.in_sequence_gap && !behind_sequence_gap && known_from_ && next_open_ >= *known_from_;
  const Candle candle = oldest.sums.finish(next_open_, settings_.interval, complete, last_close_);
  if (!oldest.sums.empty()) last_close_ = oldest.sums.close();
  open_[0] = open_[1];
  open_[1] = OpenCandle{};
  next_open_ = end_of(next_open_);
  return candle;
}

TradeFate CandleBuilder::add(const Trade& trade) {
  if (!started_ || trade.time > engine_time_) invariant_failed("a trade was offered before close_due had its time");
  if (is_due(next_open_)) invariant_failed("a trade was offered while due candles wait to be taken");
  see(trade.time);
  if (sequence_gap_from_) end_sequence_gap(trade.time);
  if (trade.time < next_open_) return TradeFate::late;
  open_[trade.time < end_of(next_open_) ? 0 : 1].sums.add(trade);
  return TradeFate::counted;
}

void CandleBuilder::prove(Timestamp time) {
  if (!started_ || time > engine_time_) invariant_failed("a tick was offered before close_due had its time");
  see(time);
}

void CandleBuilder::see(Timestamp time) {
  if (!known_from_) known_from_ = time;
  proven_ = proven_ ? std::max(*proven_, time) : time;
}

void CandleBuilder::add_sequence_gap() {
  if (sequence_gap_from_) return;  // a second sequence gap before the next trade lies inside the first one's range
  // With nothing proven before, everything up to the next trade is unknown.
  constexpr Timestamp always{std::numeric_limits<std::int64_t>::min()};
  sequence_gap_from_ = proven_ ? floor_to(*proven_, settings_.interval) : always;
}

void CandleBuilder::begin_again(Timestamp time) {
  if (time < next_open_) return;
  OpenCandle& candle = open_[time < end_of(next_open_) ? 0 : 1];
  candle = {};
  candle.in_sequence_gap = true;
}

void CandleBuilder::end_sequence_gap(Timestamp next_trade) {
  // The next trade may lie before the last proven instant; the candle of that instant is in the sequence gap all the same.
  const Timestamp last = std::max(*sequence_gap_from_, floor_to(next_trade, settings_.interval));
  Timestamp open_time = next_open_;
  for (OpenCandle& candle : open_) {
    if (open_time >= *sequence_gap_from_ && open_time <= last) candle.in_sequence_gap = true;
    open_time = end_of(open_time);
  }
  sequence_gap_from_.reset();
}

namespace {

constexpr std::uint32_t state_version = 2;

void save_optional(StateWriter& out, const std::optional<Timestamp>& time) {
  out(static_cast<std::uint8_t>(time.has_value()));
  out(time.value_or(Timestamp{}));
}

bool load_flag(StateReader& in, bool& flag) {
  std::uint8_t byte = 0;
  in(byte);
  flag = byte == 1;
  return in.ok() && byte <= 1;
}

bool load_optional(StateReader& in, std::optional<Timestamp>& time) {
  bool present = false;
  Timestamp value;
  if (!load_flag(in, present)) return false;
  in(value);
  time = present ? std::optional(value) : std::nullopt;
  return in.ok();
}

}  // namespace

void CandleBuilder::save(StateWriter& out) const {
  out(state_version);
  out(settings_.interval);
  out(static_cast<std::uint8_t>(started_));
  out(engine_time_), out(next_open_), out(last_close_);
  for (const OpenCandle& candle : open_) {
    candle.sums.save(out);
    out(static_cast<std::uint8_t>(candle.in_sequence_gap));
  }
  save_optional(out, known_from_);
  save_optional(out, proven_);
  save_optional(out, sequence_gap_from_);
}

Result<void> CandleBuilder::load(StateReader& in) {
  std::uint32_t version = 0;
  Duration interval;
  in(version), in(interval);
  if (!in.ok() || version != state_version) return refuse("candle state is of another version or truncated");
  if (interval != settings_.interval) {
    return refuse("candle state is for interval " + to_text(interval) + ", not " + to_text(settings_.interval));
  }
  CandleBuilder loaded(settings_);
  bool good = load_flag(in, loaded.started_);
  in(loaded.engine_time_), in(loaded.next_open_), in(loaded.last_close_);
  for (OpenCandle& candle : loaded.open_) {
    good = good && candle.sums.load(in);
    good = good && load_flag(in, candle.in_sequence_gap);
  }
  good = good && load_optional(in, loaded.known_from_) && load_optional(in, loaded.proven_) &&
         load_optional(in, loaded.sequence_gap_from_);
  good = good && in.ok() && floor_to(loaded.next_open_, interval) == loaded.next_open_;
  if (!good) return refuse("candle state is damaged");
  *this = loaded;
  return {};
}

}  // namespace candled::candles
