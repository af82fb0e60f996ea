#include "candled/engine/revision.hpp"

#include <algorithm>
#include <vector>

#include "candled/candles/aggregate.hpp"
#include "candled/engine/settings.hpp"
#include "engine/feature_rebuild.hpp"

namespace candled::engine {
namespace {

// From the trade before the hole to the trade behind it: what lies between is not known.
candles::TimeRange touched_by(const store::Reader& reader, const Market& market, const Hole& hole) {
  const std::optional<Trade> before = reader.trade(market.id, hole.first_missing_id - 1);
  const std::optional<Trade> behind = reader.trade(market.id, hole.last_missing_id + 1);
  const Timestamp from = before ? before->time : Timestamp{0};
  const Timestamp to = behind ? behind->time + Duration{1} : Timestamp{INT64_MAX};
  return {from, std::max(from, to)};
}

// What is missing behind a trade that is older than the bound of pruning was deleted on purpose, up to the bound; from there on all is
// there, for pruning never passes the trade in front of a hole.
candles::TimeRange without_pruned(candles::TimeRange unknown, Timestamp pruned_before) {
  return unknown.from < pruned_before ? candles::TimeRange{unknown.from, std::clamp(pruned_before, unknown.from, unknown.to)} : unknown;
}

// Of the trade before; where that was pruned, of the candle before.
Price last_close_before(const store::Reader& reader, const Market& market, Timestamp from, const std::optional<Trade>& trade,
                        Timestamp pruned_before) {
  if (trade && trade->time >= pruned_before) return trade->price;
  const std::vector<Candle> candle = reader.candles(market.id, from - market.interval, from);
  return candle.empty() ? Price{} : candle.back().close;
}

// Ids that are missing between stored trades without a recorded hole (a backfill that was cut off): what lies there is not known.
void add_jumps(const store::Reader& reader, const Market& market, const std::optional<Trade>& before, const std::vector<Trade>& trades,
               Timestamp pruned_before, std::vector<candles::TimeRange>& unknown) {
  std::optional<Trade> last;
  if (before && before->id >= 0) last = before;
  for (const Trade& trade : trades) {
    if (trade.id < 0) continue;
    if (last && trade.id > last->id + 1) unknown.push_back(without_pruned({last->time, std::max(last->time, trade.time) + Duration{1}}, pruned_before));
    last = trade;
  }
  if (!last || reader.trade(market.id, last->id + 1)) return;
  const std::optional<std::int64_t> newest = reader.cursor(market.id).last_trade_id;
  if (newest && *newest > last->id) unknown.push_back(without_pruned({last->time, Timestamp{INT64_MAX}}, pruned_before));
}

}  // namespace

Result<void> candles_of_trades(const store::Reader& reader, const Market& market, Timestamp from, Timestamp to, const VisitCandles& visit) {
  const std::optional<Timestamp> last_closed = reader.last_candle_open_time(market.id);
  const std::optional<Timestamp> first_trade = reader.first_trade_time(market.id);
  if (!last_closed || !first_trade) return {};
  const store::RecordBounds bounds = reader.bounds(market.id);
  // Candles whose trades were pruned stay as they are.
  const Timestamp pruned_before = bounds.trades_pruned_before.value_or(Timestamp{INT64_MIN});
  const Timestamp first = floor_to(std::max({from, *first_trade, pruned_before}), market.interval);
  const Timestamp end = std::min(to, *last_closed + market.interval);
  Timestamp cursor = first;
  std::vector<candles::TimeRange> unknown;
  for (const Hole& hole : reader.cursor(market.id).open_holes) unknown.push_back(without_pruned(touched_by(reader, market, hole), pruned_before));
  // What came before the first stored trade of its candle is not known, unless the stored candle says it was proven complete, or
  // history has proven it since.
  const std::vector<Candle> first_candle = reader.candles(market.id, floor_to(*first_trade, market.interval), *first_trade + Duration{1});
  const bool proven = bounds.complete_from && *bounds.complete_from <= floor_to(*first_trade, market.interval);
  if (!proven && (first_candle.empty() || first_candle.front().state == CandleState::gap)) unknown.push_back({Timestamp{0}, *first_trade});
  constexpr std::int64_t candles_per_slice = 1440;  // bounds the trades in memory
  while (cursor < end) {
    const Timestamp stop = std::min(cursor + market.interval * candles_per_slice, floor_to(end + market.interval - Duration{1}, market.interval));
    const std::vector<Trade> trades = reader.trades_between(market.id, cursor, stop);
    const std::optional<Trade> before = reader.last_trade_before(market.id, cursor);
    std::vector<candles::TimeRange> unknown_here = unknown;
    add_jumps(reader, market, before, trades, pruned_before, unknown_here);
    const std::vector<Candle> candles =
        candles::aggregate({{cursor, stop}, trades, unknown_here, last_close_before(reader, market, cursor, before, pruned_before)}, market.interval);
    if (Result<void> visited = visit(candles); !visited) return visited;
    cursor = stop;
  }
  return {};
}

Result<std::int64_t> revise_candles(const store::Reader& reader, store::JournalWriter& writer, const Market& market, Timestamp from,
                                    Timestamp to) {
  std::int64_t revised = 0;
  Result<void> all = candles_of_trades(reader, market, from, to, [&](std::span<const Candle> candles) -> Result<void> {
    Result<std::int64_t> changed = writer.revise_candles(market.id, candles);
    if (!changed) return std::unexpected(changed.error());
    revised += *changed;
    return {};
  });
  if (!all) return std::unexpected(all.error());
  return revised;
}

Result<std::int64_t> revise_hole(const store::Reader& reader, store::JournalWriter& writer, const Market& market, const Hole& hole) {
  const candles::TimeRange touched = touched_by(reader, market, hole);
  return revise_candles(reader, writer, market, touched.from, touched.to);
}

Result<void> rebuild_features(const store::Reader& reader, store::JournalWriter& writer, const Market& market, Duration keep) {
  constexpr std::size_t candles_per_transaction = 5'000;
  FeatureRebuild rebuild = FeatureRebuild::of_all(reader, writer, market, kept_from(keep, reader.last_candle_open_time(market.id), market.interval));
  while (true) {
    const Result<bool> more = rebuild.step(candles_per_transaction);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  // The live state was made from the candles as they were.
  return writer.forget_state("features/" + market.name());
}

}  // namespace candled::engine
