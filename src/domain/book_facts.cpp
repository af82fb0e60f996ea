#include "candled/domain/book_facts.hpp"

#include <algorithm>
#include <cmath>

namespace candled {
namespace {

double units(Quantity quantity) { return quantity.to_usual_units(); }

}  // namespace

double book_mid(const BookFacts& facts) {
  return 0.5 * (facts.ranks[0].bid.price.to_double() + facts.ranks[0].ask.price.to_double());
}

double book_spread(const BookFacts& facts) {
  const double bid = facts.ranks[0].bid.price.to_double(), ask = facts.ranks[0].ask.price.to_double();
  return (ask - bid) / (0.5 * (ask + bid));
}

double book_microprice(const BookFacts& facts) {
  const BookLevel& bid = facts.ranks[0].bid;
  const BookLevel& ask = facts.ranks[0].ask;
  const double bid_quantity = units(bid.quantity), ask_quantity = units(ask.quantity);
  return (bid.price.to_double() * ask_quantity + ask.price.to_double() * bid_quantity) / (bid_quantity + ask_quantity);
}

double book_imbalance(const BookFacts& facts, std::size_t ranks) {
  double bids = 0, asks = 0;
  for (std::size_t i = 0; i < std::min(ranks, BookFacts::ranks_max); ++i) {
    bids += units(facts.ranks[i].bid.quantity);
    asks += units(facts.ranks[i].ask.quantity);
  }
  return (bids - asks) / (bids + asks);
}

BookSlopes book_slopes(const BookFacts& facts) {
  const double mid = book_mid(facts);
  struct Side {
    double cumulated = 0, product = 0, square = 0;
    void add(const BookLevel& level, double mid_price) {
      if (level.quantity == Quantity{}) return;
      const double distance = std::abs(level.price.to_double() - mid_price) / mid_price;
      cumulated += level.quantity.to_double();
      product += distance * cumulated;
      square += distance * distance;
    }
  } bid, ask;
  for (const BookRank& rank : facts.ranks) {
    bid.add(rank.bid, mid);
    ask.add(rank.ask, mid);
  }
  return {bid.product / bid.square, ask.product / ask.square};
}

}  // namespace candled
