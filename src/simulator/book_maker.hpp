// BookMaker: the order book around a market's last trade, made up anew for every trade.
//
// A book is a function of seed, trade id, taker side and price, and of nothing before: each price has a level or not, and how
// much stands there, by a dice of its own that is thrown again every few trades. So neighbouring books differ in a few levels,
// any client may join at any time, and the same tape has the same books. The best level of the taker's side is the trade's price.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "candled/domain/trade.hpp"
#include "simulator/instrument.hpp"

namespace candled::simulator {

// Counted in the instrument's price steps.
struct ShownLevel {
  std::int64_t tick = 0;
  Quantity quantity;

  friend bool operator==(const ShownLevel&, const ShownLevel&) = default;
};

struct BookView {
  std::vector<ShownLevel> bids, asks;  // best first
};

class BookMaker {
 public:
  BookMaker(const Instrument& instrument, std::uint64_t seed);

  BookView view(const Trade& last, std::size_t depth) const;

 private:
  // Levels from `best` on, each `away` steps from the one before.
  std::vector<ShownLevel> side(std::int64_t best, std::int64_t away, const Trade& last, std::size_t depth) const;

  std::uint64_t seed_;
  Instrument instrument_;
};

}  // namespace candled::simulator
