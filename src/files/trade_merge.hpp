// TradeMerge: trades with ids and trades without, each by id, as one sequence in time order.
#pragma once

#include <optional>
#include <utility>

#include "files/trade_stream.hpp"

namespace candled::files {

class TradeMerge {
 public:
  TradeMerge(TradeStream numbered, TradeStream made) : numbered_(std::move(numbered)), made_(std::move(made)) {}

  // `refused` is called for the same rows on every pass. Errors: the waiting rows cannot be read.
  Result<void> rewind(const TradeStream::Refused& refused);
  Result<bool> next(Trade& trade, const TradeStream::Refused& refused);
  TradeStreamCounts counts() const;
  // Where the trade that was handed out last stood.
  const TradeRow& row() const { return row_; }

 private:
  // A stream and its next trade.
  struct Source {
    explicit Source(TradeStream its) : stream(std::move(its)) {}
    Result<void> advance(const TradeStream::Refused& refused);
    TradeStream stream;
    std::optional<TradeRow> front;
  };

  Source numbered_, made_;
  TradeRow row_;
};

}  // namespace candled::files
