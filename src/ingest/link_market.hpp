// The markets of one link: what becomes of their trades, and of their order books where these are wanted.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "ingest/market_book.hpp"
#include "ingest/market_flow.hpp"

namespace candled::ingest {

struct LinkMarket {
  std::unique_ptr<MarketFlow> flow;
  std::unique_ptr<MarketBook> book;  // null where none is wanted

  const std::string& symbol() const { return flow->market().symbol; }
};
using LinkMarkets = std::vector<LinkMarket>;  // in the order of the symbols that the exchange was made with

inline bool all_refused(const LinkMarkets& markets) {
  return std::ranges::all_of(markets, [](const LinkMarket& market) { return market.flow->refused(); });
}

// A market is neither subscribed nor refused.
inline bool unanswered(const LinkMarkets& markets) {
  return std::ranges::any_of(
      markets, [](const LinkMarket& market) { return !market.flow->refused() && !market.flow->is_subscribed(); });
}

}  // namespace candled::ingest
