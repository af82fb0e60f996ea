#include "files/trade_merge.hpp"

namespace candled::files {

Result<void> TradeMerge::Source::advance(const TradeStream::Refused& refused) {
  Trade trade;
  const Result<bool> more = stream.next(trade, refused);
  if (!more) return std::unexpected(more.error());
  front = *more ? std::optional(stream.row()) : std::nullopt;
  return {};
}

Result<void> TradeMerge::rewind(const TradeStream::Refused& refused) {
  for (Source* source : {&numbered_, &made_}) {
    if (Result<void> rewound = source->stream.rewind(); !rewound) return rewound;
    if (Result<void> begun = source->advance(refused); !begun) return begun;
  }
  return {};
}

Result<bool> TradeMerge::next(Trade& trade, const TradeStream::Refused& refused) {
  if (!numbered_.front && !made_.front) return false;
  const bool is_made = made_.front && (!numbered_.front || made_.front->trade.time <= numbered_.front->trade.time);
  Source& source = is_made ? made_ : numbered_;
  row_ = *source.front;
  trade = row_.trade;
  if (Result<void> advanced = source.advance(refused); !advanced) return std::unexpected(advanced.error());
  return true;
}

TradeStreamCounts TradeMerge::counts() const {
  const TradeStreamCounts &a = numbered_.stream.counts(), &b = made_.stream.counts();
  return {a.repeated + b.repeated, a.conflicting + b.conflicting};
}

}  // namespace candled::files
