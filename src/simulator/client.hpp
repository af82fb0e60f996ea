// Client: what one WebSocket client follows, and how it wants to be told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace candled::simulator {

// Bit i stands for market i.
using MarketSet = std::uint64_t;
constexpr std::size_t markets_max = 64;

constexpr MarketSet bit_of(std::size_t market) { return MarketSet{1} << market; }

struct Client {
  MarketSet trades = 0, heartbeats = 0;
  std::map<std::size_t, std::size_t> books;  // depth by market
  std::uint8_t style = 0;                    // of frames, in the dialect's own counting

  bool follows_nothing() const { return trades == 0 && heartbeats == 0 && books.empty(); }
  // Of the order book that this client follows; 0: none.
  std::size_t book_depth(std::size_t market) const {
    const auto at = books.find(market);
    return at == books.end() ? 0 : at->second;
  }
};

}  // namespace candled::simulator
