// SuspectTrades: trades stamped further ahead of the exchange's clock than is honest. They wait for the exchange's next Time answer: if it covers
// them they pass, and if the exchange's clock turns out to run ahead (a simulation as fast as it can) they are followed, as they are where more wait
// than any market trades meanwhile. Else they are refused by name.
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

  // Stamps up to here are believed now.
  Timestamp limit(Duration now) const;
  // A trade with such a stamp.
  void suspect(const StreamTrade& row, Duration arrived);
  // Any other trade, before it passes: those that wait with a smaller id are broken rows.
  void hear(const StreamTrade& row, Duration arrived) {
    if (!waiting_[row.market].empty()) refuse_below(row, arrived);
  }
  // Several times a second, and before the trades of a frame.
  void release(Duration now) {
    if (waiting_count_ > 0) look(now);
  }

 private:
  struct Suspect {
    Trade trade;
    Duration arrived;
  };
  void look(Duration now);
  void refuse_below(const StreamTrade& row, Duration now);
  void refuse(std::size_t market, const Trade& trade, Duration now);

  const LinkContext& context_;
  Accept accept_;
  std::vector<std::vector<Suspect>> waiting_;  // by market
  std::size_t waiting_count_ = 0;              // of all of them
  bool simulation_ = false;                    // more came than any market trades
};

}  // namespace candled::ingest
