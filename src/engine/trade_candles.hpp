// TradeCandles: what the stored trades make of the candles of a span, a slice at a time, in time order.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "candled/candles/aggregate.hpp"
#include "candled/domain/candle.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/store/reader.hpp"

namespace candled::engine {

// From the trade before the sequence gap to the trade behind it: what lies between is not known.
candles::TimeRange touched_by(const store::Reader& reader, const Market& market, const SequenceGap& sequence_gap);
// The same of ids that came, which may be a part of a sequence gap: to the trade behind them or, where more is missing there, the last of them.
candles::TimeRange changed_by(const store::Reader& reader, const Market& market, const SequenceGap& came);
// Whether a sequence gap that is open goes on behind these ids.
bool more_is_missing(const store::Reader& reader, const Market& market, const SequenceGap& came);

class TradeCandles {
 public:
  // [from, to) is widened to whole candles and cut to what is stored and closed now. Reader and market are not owned. Throws StoreError, as
  // next() does.
  TradeCandles(const store::Reader& reader, const Market& market, Timestamp from, Timestamp to);

  // The next candles, so many at most; nothing behind the last. A candle that touches a sequence gap that is still open, or that
  // the record of trades does not cover wholly because it begins or ends there, is a gap. An empty slice is not the end.
  std::optional<std::vector<Candle>> next(std::int64_t candles_max);

 private:
  const store::Reader& reader_;
  const Market& market_;
  Timestamp pruned_before_;  // candles whose trades were pruned stay as they are
  Timestamp cursor_, end_;
  std::vector<candles::TimeRange> unknown_;
};

}  // namespace candled::engine
