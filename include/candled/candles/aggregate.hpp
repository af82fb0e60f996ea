// aggregate: the candles of a stretch whose trades are all at hand. For repairs and imports.
#pragma once

#include <span>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled::candles {

struct TimeRange {
  Timestamp from, to;  // from <= t < to
};

struct Stretch {
  TimeRange range;                     // both ends at the start of a candle; aborts otherwise
  std::span<const Trade> trades;       // in id order, late ones too; those outside the range are left out
  std::span<const TimeRange> unknown;  // sequence gaps that remain: a candle that touches one is unknown
  Price last_close;                    // of the last trade before the range; 0 if not known
};

// One candle for each interval of the range, in time order, all with revision 0. Accumulates as CandleBuilder does.
std::vector<Candle> aggregate(const Stretch& stretch, Duration interval);

}  // namespace candled::candles
