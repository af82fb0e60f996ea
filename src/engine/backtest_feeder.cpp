#include "engine/backtest_feeder.hpp"

#include <algorithm>
#include <utility>

#include "candled/files/import.hpp"

namespace candled::engine {

BacktestFeeder::BacktestFeeder(HistorySource& source, const BacktestRequest& request, BacktestLine& line,
                               Between between)
    : source_(source),
      request_(request),
      line_(line),
      between_(std::move(between)),
      market_(request.settings.markets.front()),
      interval_(market_.interval),
      grace_(request.settings.grace) {}

Result<void> BacktestFeeder::run() {
  if (Result<void> read = read_candle(); !read) return read;
  do {
    if (Result<void> read = read_trade(); !read) return read;
  } while (trade_ && trade_->time < source_.trades_begin());
  while (candle_ || trade_) {
    const bool by_trade = trade_ && (!candle_ || trade_->time < candle_->candle.open_time + interval_);
    if (Result<void> fed = by_trade ? feed_trade() : feed_candle(); !fed) return fed;
  }
  return in_stretch_ ? finish() : Result<void>{};
}

// The last candles are closed as far as the record goes; gaps behind them are told as such.
Result<void> BacktestFeeder::finish() {
  if (known_to_) {
    if (Result<void> marked = watermark_until(*known_to_ + grace_); !marked) return marked;
  }
  if (!gap_to_ || *gap_to_ < next_close_) return {};
  line_.push(Event::sequence_gap(market_.id, SequenceGap{INT64_MAX - 1, INT64_MAX - 1, *gap_to_, {}}));
  return watermark_until(*gap_to_ + grace_);
}

Result<void> BacktestFeeder::read_trade() {
  if (trade_) last_trade_ = trade_;
  trade_.emplace();
  const Result<bool> more = source_.next(*trade_);
  if (!more) return std::unexpected(more.error());
  if (!*more || trade_->time >= request_.to) trade_.reset();
  return {};
}

Result<void> BacktestFeeder::read_candle() {
  candle_.emplace();
  const Result<bool> more = source_.next(*candle_);
  if (!more) return std::unexpected(more.error());
  if (!*more || candle_->candle.open_time >= request_.to) candle_.reset();
  return {};
}

Result<void> BacktestFeeder::feed_trade() {
  const Trade trade = *trade_;
  const Timestamp open_time = floor_to(trade.time, interval_);
  if (!in_stretch_) begin_stretch(open_time);
  if (Result<void> taken = take_covered_candles(open_time); !taken) return taken;
  if (sequence_gap_before(trade)) {
    push_sequence_gap(trade);
  } else if (Result<void> marked = watermark_until(trade.time); !marked) {
    return marked;
  }
  push_trade(trade);
  if (trade.time >= request_.from) ++counts_.trades;
  if (trade.time >= next_close_ + grace_) {  // behind a sequence gap: the trade has closed what was open
    next_close_ = floor_to(trade.time - grace_, interval_) + interval_;
    if (Result<void> done = done_with_candle(next_close_); !done) return done;
  }
  return read_trade();
}

// The candle before is a candle of its own, so the new stretch knows nothing but the last price.
void BacktestFeeder::begin_stretch(Timestamp begin) {
  line_.begin_trades(begin);
  in_stretch_ = true;
  known_to_.reset();
  gap_to_.reset();
  next_close_ = begin + interval_;
  if (last_trade_ && last_trade_->time < begin) {
    push_trade(*last_trade_);
  } else if (last_close_.is_positive()) {
    Trade last;  // of the candle before, whose trades are not known
    last.id = trade_->id - 1;
    last.time = begin - Duration{1};
    last.price = last_close_;
    last.quantity = Quantity::from_units(1);
    push_trade(last);
  }
  // The stored candle says that its trades are all there, whatever is missing in front of it.
  const bool whole = candle_ && candle_->candle.open_time == begin && candle_->candle.state != CandleState::gap;
  if (!whole) return;
  push_watermark(begin);
  last_trade_.reset();
}

Result<void> BacktestFeeder::end_stretch(Timestamp until) {
  if (Result<void> marked = watermark_until(until + grace_); !marked) return marked;
  in_stretch_ = false;
  last_trade_.reset();  // what was traded since is not known
  last_alone_ = until - interval_;
  last_close_ = Price{};
  return {};
}

// Candles whose trades have come or are coming: the candle station makes them; what the book gave them it cannot make.
Result<void> BacktestFeeder::take_covered_candles(Timestamp until) {
  while (candle_ && candle_->candle.open_time <= until) {
    (candle_->candle.state == CandleState::gap ? gap_to_ : known_to_) = candle_->candle.open_time + interval_;
    if (candle_->book) line_.push(Event::of(market_.id, std::make_unique<BookFacts>(*candle_->book)));
    if (Result<void> read = read_candle(); !read) return read;
  }
  return {};
}

bool BacktestFeeder::sequence_gap_before(const Trade& trade) const {
  if (!last_trade_) return false;
  if (trade.id >= 0 && last_trade_->id >= 0) return trade.id > last_trade_->id + 1;
  return trade.time - last_trade_->time > files::believable_pause_max;  // made ids prove nothing
}

void BacktestFeeder::push_sequence_gap(const Trade& trade) {
  SequenceGap sequence_gap;
  sequence_gap.first_missing_id = last_trade_->id + 1;
  sequence_gap.last_missing_id = trade.id - 1;
  sequence_gap.detected = trade.time;
  sequence_gap.proven_until = source_.proven_until(sequence_gap.first_missing_id);
  line_.push(Event::sequence_gap(market_.id, sequence_gap));
}

// Every candle that has ended by then is closed in time, as by the feed's watermarks.
Result<void> BacktestFeeder::watermark_until(Timestamp time) {
  while (next_close_ + grace_ <= time) {
    push_watermark(next_close_ + grace_);
    if (Result<void> done = done_with_candle(next_close_); !done) return done;
    next_close_ = next_close_ + interval_;
  }
  return {};
}

void BacktestFeeder::push_watermark(Timestamp time) { line_.push(Event::of(market_.id, Watermark{time, time})); }

void BacktestFeeder::push_trade(const Trade& trade) {
  Trade live = trade;
  live.received = live.time;  // as if the daemon had been there
  live.late = false;
  line_.push(Event::of(market_.id, live));
}

Result<void> BacktestFeeder::feed_candle() {
  const Candle& candle = candle_->candle;
  const Timestamp end = candle.open_time + interval_;
  if (in_stretch_ && candle.state != CandleState::traded) {
    const bool quiet = candle.state == CandleState::quiet;
    if (Result<void> taken = take_covered_candles(end - interval_); !taken) return taken;
    return quiet ? watermark_until(end + grace_) : Result<void>{};
  }
  if (in_stretch_) {
    if (Result<void> ended = end_stretch(candle.open_time); !ended) return ended;
  }
  push_candle_alone();
  if (Result<void> done = done_with_candle(end); !done) return done;
  return read_candle();
}

void BacktestFeeder::push_candle_alone() {
  const Candle& candle = candle_->candle;
  const bool jumped = last_alone_ && candle.open_time - *last_alone_ > interval_;
  if (candle.state == CandleState::gap || jumped) {
    line_.push_behind_candles(Event::sequence_gap(market_.id, SequenceGap{0, 0, candle.open_time, candle.open_time}));
  }
  if (candle.state == CandleState::traded && candle.open_time >= request_.from) trade_within(candle);
  if (candle.open_time >= request_.from) {
    ++counts_.candles_only;
    if (!candle_->features.empty()) ++counts_.stored_rows;
  }
  auto report = std::make_unique<CandleReport>();
  report->candle = candle;
  report->end = candle.open_time + interval_;
  report->decision_time = report->end + grace_;
  report->closed = report->decision_time;
  report->book = candle_->book;
  report->features = std::move(candle_->features);
  last_alone_ = candle.open_time;
  if (candle.close.is_positive()) last_close_ = candle.close;
  line_.push_candle(std::move(report));
}

// What is known of a candle's trades: its open, low and high. An order of the candle before has reached the exchange by then, however
// short after the open that was; one with a latency beyond the candle waits for the next.
void BacktestFeeder::trade_within(const Candle& candle) {
  const Duration latency = request_.settings.paper_of_market.front().latency;
  Trade trade;
  trade.time = candle.open_time + std::min(grace_ + latency, interval_ - Duration{1});
  trade.received = trade.time;
  trade.source = TradeSource::import;
  trade.side = Side::unknown;
  // Together not more than was traded: what a limit order can get.
  const std::optional<std::int64_t> usual = candle.volume.usual_units();
  const WideUnits finer = wide_power_of_ten(Volume::decimals - Quantity::decimals);
  const WideUnits third = usual ? *usual / 3 * finer : candle.volume.units() / 3;
  trade.quantity = std::max(Quantity::from_units(1), Quantity::rounded(third, false).value_or(Quantity::from_units(1)));
  for (const Price price : {candle.open, candle.low, candle.high}) {
    trade.price = price;
    line_.push_behind_candles(Event::of(market_.id, trade));
  }
}

Result<void> BacktestFeeder::done_with_candle(Timestamp end) {
  line_.drain();
  return between_(end);
}

}  // namespace candled::engine
