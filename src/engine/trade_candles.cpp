#include "engine/trade_candles.hpp"

#include <algorithm>

#include "candled/domain/made_id.hpp"

namespace candled::engine {
namespace {

// What is missing behind a trade that is older than the bound of pruning was deleted on purpose, up to the bound; from there on all is
// there, for pruning never passes the trade in front of a sequence gap.
candles::TimeRange without_pruned(candles::TimeRange unknown, Timestamp pruned_before) {
  return unknown.from < pruned_before
             ? candles::TimeRange{unknown.from, std::clamp(pruned_before, unknown.from, unknown.to)}
             : unknown;
}

// Of the trade before; where that was pruned, of the candle before. In front of the first trade there is none: the close of a file's candle
// is not the price of a trade, and the candle that was closed live did not know it either.
Price last_close_before(const store::Reader& reader, const Market& market, Timestamp from,
                        const std::optional<Trade>& trade, Timestamp pruned_before) {
  if (trade && trade->time >= pruned_before) return trade->price;
  if (!trade && pruned_before == Timestamp{INT64_MIN}) return {};
  const std::vector<Candle> candle = reader.candles(market.id, from - market.interval, from);
  return candle.empty() ? Price{} : candle.back().close;
}

// Ids that are missing between stored trades without a recorded sequence gap (a backfill that was cut off): what lies there is not known.
void add_jumps(const store::Reader& reader, const Market& market, const std::optional<Trade>& before,
               const std::vector<Trade>& trades, Timestamp pruned_before, std::vector<candles::TimeRange>& unknown) {
  std::optional<Trade> last;
  if (before && before->id >= 0) last = before;
  for (const Trade& trade : trades) {
    if (trade.id < 0) continue;
    // Ids whose trades happened in other minutes are no jump.
    const bool has_jumped = last && trade.id > last->id + 1 &&
                            reader.count_of_trades(market.id, last->id + 1, trade.id - 1) < trade.id - last->id - 1;
    if (has_jumped)
      unknown.push_back(without_pruned({last->time, std::max(last->time, trade.time) + Duration{1}}, pruned_before));
    last = trade;
  }
  if (!last || reader.trade(market.id, last->id + 1)) return;
  const std::optional<std::int64_t> newest = reader.cursor(market.id).last_trade_id;
  if (newest && *newest > last->id)
    unknown.push_back(without_pruned({last->time, Timestamp{INT64_MAX}}, pruned_before));
}

// Candles up to the next trade tell of the price before them: quiet ones are flat at it, the first tick goes up or down from it.
Timestamp behind_next_traded(const store::Reader& reader, const Market& market, Timestamp to) {
  constexpr std::size_t candles_per_look = 256;
  if (to.ns > INT64_MAX - market.interval.ns) return to;
  Timestamp end = floor_to(to + market.interval - Duration{1}, market.interval);
  for (;;) {
    const std::vector<Candle> next = reader.candles_after(market.id, end - Duration{1}, candles_per_look);
    for (const Candle& candle : next) {
      end = candle.open_time + market.interval;
      if (candle.trades > 0) return end;
    }
    if (next.size() < candles_per_look) return end;
  }
}

// Whether a stored candle says that all its trades were there when it was made: an unknown one does not, nor does one of a file, which knows
// nothing of the stored trades.
bool is_made_of_all(const Candle& candle) { return candle.state != CandleState::gap && candle.tape.known; }

// What came before the first stored trade of its candle, which is not known unless the stored candle was made of all, or history has
// proven it since.
std::optional<candles::TimeRange> before_first(const store::Reader& reader, const Market& market, Timestamp first_trade,
                                               const store::RecordBounds& bounds) {
  const Timestamp open_time = floor_to(first_trade, market.interval);
  if (bounds.complete_from && *bounds.complete_from <= open_time) return std::nullopt;
  const std::vector<Candle> stored = reader.candles(market.id, open_time, open_time + Duration{1});
  if (!stored.empty() && is_made_of_all(stored.front())) return std::nullopt;
  return candles::TimeRange{Timestamp{0}, first_trade};
}

// The end of the last candle of [from, to) that says that the record went on behind it: it was made of all its trades, or a head event closed
// it. Candles of files reach further than the record, and say nothing about it.
std::optional<Timestamp> end_of_told(const store::Reader& reader, const Market& market, Timestamp from, Timestamp to) {
  constexpr std::size_t candles_per_look = 256;
  constexpr std::int64_t no_head_event = 0;
  std::optional<Timestamp> end;
  for (Timestamp after = from - Duration{1};;) {
    const std::vector<Candle> all = reader.candles_after(market.id, after, candles_per_look);
    const std::vector<Candle> not_closed = reader.candles_after(market.id, after, candles_per_look, no_head_event);
    for (const Candle& candle : all) {
      if (candle.open_time >= to) return end;
      const bool closed = !std::ranges::binary_search(not_closed, candle.open_time, {}, &Candle::open_time);
      if (closed || is_made_of_all(candle)) end = candle.open_time + market.interval;
      after = candle.open_time;
    }
    if (all.size() < candles_per_look) return end;
  }
}

// What comes behind the last trade is not known, unless stored candles say that the record went on.
candles::TimeRange behind_last(const store::Reader& reader, const Market& market, Timestamp to) {
  const store::StoredCursor cursor = reader.cursor(market.id);
  Timestamp last = cursor.last_trade_id ? cursor.last_trade_time : Timestamp{0};
  if (cursor.last_made) last = std::max(last, cursor.last_made->time);
  const std::optional<Timestamp> told = end_of_told(reader, market, floor_to(last, market.interval), to);
  return {std::max(last, told.value_or(last)), Timestamp{INT64_MAX}};
}

}  // namespace

candles::TimeRange touched_by(const store::Reader& reader, const Market& market, const SequenceGap& sequence_gap) {
  // Made ids tell their times, whatever became of the trades around.
  if (sequence_gap.first_missing_id < 0) {
    return {time_of_made_id(sequence_gap.first_missing_id),
            time_of_made_id(sequence_gap.last_missing_id + 1) + Duration{1}};
  }
  const std::optional<Trade> before = reader.trade(market.id, sequence_gap.first_missing_id - 1);
  const std::optional<Trade> behind = reader.trade(market.id, sequence_gap.last_missing_id + 1);
  const Timestamp from = before ? before->time : Timestamp{0};
  // Behind the last trade of a file without ids: up to the time of the row that was refused there.
  const bool is_made = sequence_gap.last_missing_id < 0;
  const Timestamp to = behind    ? behind->time + Duration{1}
                       : is_made ? time_of_made_id(sequence_gap.last_missing_id) + Duration{1}
                                 : Timestamp{INT64_MAX};
  return {from, std::max(from, to)};
}

candles::TimeRange changed_by(const store::Reader& reader, const Market& market, const SequenceGap& came) {
  candles::TimeRange range = touched_by(reader, market, came);
  if (range.to != Timestamp{INT64_MAX}) return range;
  const std::optional<std::int64_t> newest = reader.cursor(market.id).last_trade_id;
  const std::optional<Trade> last = reader.trade(market.id, came.last_missing_id);
  if (last && newest && *newest > came.last_missing_id) range.to = std::max(range.from, last->time + Duration{1});
  return range;
}

bool more_is_missing(const store::Reader& reader, const Market& market, const SequenceGap& came) {
  return std::ranges::any_of(reader.cursor(market.id).open_sequence_gaps, [&](const SequenceGap& open) {
    return open.first_missing_id == came.last_missing_id + 1;
  });
}

TradeCandles::TradeCandles(const store::Reader& reader, const Market& market, Timestamp from, Timestamp to)
    : reader_(reader), market_(market) {
  const std::optional<Timestamp> last_closed = reader.last_candle_open_time(market.id);
  const std::optional<Timestamp> first_trade = reader.first_trade_time(market.id);
  if (!last_closed || !first_trade) return;
  const store::RecordBounds bounds = reader.bounds(market.id);
  pruned_before_ = bounds.trades_pruned_before.value_or(Timestamp{INT64_MIN});
  cursor_ = floor_to(std::max({from, *first_trade, pruned_before_}), market.interval);
  end_ = std::min(behind_next_traded(reader, market, to), *last_closed + market.interval);
  for (const SequenceGap& sequence_gap : reader.cursor(market.id).open_sequence_gaps)
    unknown_.push_back(without_pruned(touched_by(reader, market, sequence_gap), pruned_before_));
  if (const std::optional<Timestamp> unproven = reader.unproven_from(market.id))
    unknown_.push_back({*unproven, Timestamp{INT64_MAX}});
  if (const auto unknown = before_first(reader, market, *first_trade, bounds)) unknown_.push_back(*unknown);
  unknown_.push_back(behind_last(reader, market, end_));
}

std::optional<std::vector<Candle>> TradeCandles::next(std::int64_t candles_max) {
  if (cursor_ >= end_) return std::nullopt;
  const Timestamp stop = std::min(cursor_ + market_.interval * candles_max,
                                  floor_to(end_ + market_.interval - Duration{1}, market_.interval));
  const std::vector<Trade> trades = reader_.trades_between(market_.id, cursor_, stop);
  const std::optional<Trade> before = reader_.last_trade_before(market_.id, cursor_);
  std::vector<candles::TimeRange> unknown_here = unknown_;
  add_jumps(reader_, market_, before, trades, pruned_before_, unknown_here);
  std::vector<Candle> made = candles::aggregate(
      {{cursor_, stop}, trades, unknown_here, last_close_before(reader_, market_, cursor_, before, pruned_before_)},
      market_.interval);
  cursor_ = stop;
  return made;
}

}  // namespace candled::engine
