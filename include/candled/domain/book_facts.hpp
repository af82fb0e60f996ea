// BookFacts: what the order book of one market says about one candle interval. Ingest computes it from the live book; it is stored and
// replayed, because the book itself is not kept and the facts cannot be derived again.
//
// Sources. Order-flow imbalance: Cont, Kukanov, Stoikov, "The price impact of order book events", J. Financial Econometrics 12
// (2014), formula (2); its levels beyond the first: Xu, Gould, Howison, "Multi-level order-flow imbalance in a limit order
// book", Market Microstructure and Liquidity 4 (2018), formulas (3) to (5). Microprice (the mid weighted by the opposite
// quantities): Gatheral, Oomen, "Zero-intelligence realized variance estimation" (2010). Depth imbalance: Cartea, Jaimungal,
// Penalva, "Algorithmic and high-frequency trading" (2015), 3.5. Slope: cumulated quantity against distance from the mid, in
// the spirit of Naes, Skjeltorp, "Order book characteristics and the volume-volatility relation" (2006), fitted through 0.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "candled/domain/order_book.hpp"
#include "candled/domain/time.hpp"

namespace candled {

// Both sides of one rank, 0 the best. Quantity 0: the side has fewer levels.
struct BookRank {
  BookLevel bid, ask;     // at the end of the interval, exact
  double order_flow = 0;  // base currency: order-flow imbalance of this rank over the interval, summed over updates
  double depth_mean = 0;  // base currency: mean of (bid + ask quantity) / 2 of this rank

  friend bool operator==(const BookRank&, const BookRank&) = default;
};

struct BookFacts {
  static constexpr std::size_t ranks_max = 10;
  static constexpr std::array<std::size_t, 3> imbalance_depths{1, 5, 10};

  Timestamp open_time;        // of the interval, and of the candle it belongs to
  std::uint32_t updates = 0;  // messages applied, snapshots not counted
  bool whole = false;         // the book was known from the interval's first instant to its last
  bool late = false;          // set by the candle station: its candle had already closed without it
  // Means over the states that the book was in: the one it began the interval with and one per update.
  double spread_mean = 0;                  // fraction of the mid
  std::array<double, 3> imbalance_mean{};  // of the best 1, 5, 10 ranks, -1 to 1
  std::array<BookRank, ranks_max> ranks{};

  friend bool operator==(const BookFacts&, const BookFacts&) = default;
};

// What the ranks say, for facts at the close. The best rank has both sides (there are no facts otherwise).
double book_mid(const BookFacts& facts);     // quote currency
double book_spread(const BookFacts& facts);  // (ask - bid) / mid
double book_microprice(
    const BookFacts& facts);  // quote currency: (bid * ask quantity + ask * bid quantity) / both quantities
double book_imbalance(const BookFacts& facts, std::size_t ranks);  // (bids - asks) / (bids + asks) over the best ranks

// Base currency per unit of relative distance from the mid: the line through 0 that fits the cumulated quantity of a side.
struct BookSlopes {
  double bid = 0, ask = 0;
};
BookSlopes book_slopes(const BookFacts& facts);

}  // namespace candled
