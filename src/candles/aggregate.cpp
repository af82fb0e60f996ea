#include "candled/candles/aggregate.hpp"

#include <algorithm>
#include <cstddef>

#include "candled/candles/candle_accumulator.hpp"
#include "candled/domain/result.hpp"

namespace candled::candles {

std::vector<Candle> aggregate(const Stretch& stretch, Duration interval) {
  const auto [from, to] = stretch.range;
  if (interval <= Duration{} || floor_to(from, interval) != from || floor_to(to, interval) != to || to < from) {
    invariant_failed("aggregate: the range does not start and end with a candle");
  }
  std::vector<CandleAccumulator> sums(static_cast<std::size_t>((to - from) / interval));
  for (const Trade& trade : stretch.trades) {
    if (trade.time < from || trade.time >= to) continue;
    sums[static_cast<std::size_t>((trade.time - from) / interval)].add(trade);
  }

  std::vector<Candle> candles;
  candles.reserve(sums.size());
  Price last_close = stretch.last_close;
  Timestamp open_time = from;
  for (const CandleAccumulator& sum : sums) {
    const Timestamp end = open_time + interval;
    const bool complete = std::ranges::none_of(stretch.unknown, [&](const TimeRange& sequence_gap) {
      return sequence_gap.from < end && sequence_gap.to > open_time;
    });
    candles.push_back(sum.finish(open_time, interval, complete, last_close));
    if (!sum.empty()) last_close = sum.close();
    open_time = end;
  }
  return candles;
}

}  // namespace candled::candles
