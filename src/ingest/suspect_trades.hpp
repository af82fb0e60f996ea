// SuspectTrades: trades stamped far beyond the exchange's clock, at most one a market, until it shows whether the row is broken or
// the clock is wrong (a simulation that jumps or runs at another rate).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "ingest/link_context.hpp"

namespace candled::ingest {

class SuspectTrades {
 public:
  // accept: passes a trade on; called for those that turn out right.
  using Accept = std::function<void(std::size_t market, const Trade& trade, Duration arrived)>;
  SuspectTrades(const LinkContext& context, Accept accept)
      : context_(context), accept_(std::move(accept)), waiting_(context.markets.size()) {}

  // Here the stamps were right and the clock was not.
  bool stamps_trusted() const { return stamps_trusted_; }

  // A trade with such a stamp.
  void suspect(const StreamTrade& row, Duration arrived);
  // Any other trade, before it passes.
  void hear(const StreamTrade& row, Duration arrived) {
    if (waiting_[row.market] && row.trade.id > waiting_[row.market]->id) settle(row.market, arrived);
  }
  // Several times a second.
  void release(Duration now);

 private:
  void settle(std::size_t market, Duration arrived);

  const LinkContext& context_;
  Accept accept_;
  std::vector<std::optional<Trade>> waiting_;  // by market
  bool stamps_trusted_ = false;
};

}  // namespace candled::ingest
