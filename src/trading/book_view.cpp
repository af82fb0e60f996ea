#include "trading/book_view.hpp"

namespace candled::trading {
namespace {

bool follows(const BookLevel& level, std::span<const BookLevel> before, Side side) {
  if (!level.price.is_positive() || !level.quantity.is_positive()) return false;
  if (!Price::of_bits(level.price.bits()) || !Quantity::of_bits(level.quantity.bits())) return false;
  if (before.empty()) return true;
  return side == Side::buy ? level.price < before.back().price : level.price > before.back().price;
}

}  // namespace

BookView BookView::of(const BookFacts& facts) {
  BookView view;
  while (view.bid_count < levels_max &&
         follows(facts.ranks[view.bid_count].bid, std::span(view.bids).first(view.bid_count), Side::buy)) {
    view.bids[view.bid_count] = facts.ranks[view.bid_count].bid;
    ++view.bid_count;
  }
  while (view.ask_count < levels_max &&
         follows(facts.ranks[view.ask_count].ask, std::span(view.asks).first(view.ask_count), Side::sell)) {
    view.asks[view.ask_count] = facts.ranks[view.ask_count].ask;
    ++view.ask_count;
  }
  const bool crossed = view.bid_count > 0 && view.ask_count > 0 && view.bids[0].price >= view.asks[0].price;
  return crossed ? BookView{} : view;
}

bool BookView::possible() const {
  if (bid_count > levels_max || ask_count > levels_max) return false;
  for (std::size_t i = 0; i < bid_count; ++i) {
    if (!follows(bids[i], std::span(bids).first(i), Side::buy)) return false;
  }
  for (std::size_t i = 0; i < ask_count; ++i) {
    if (!follows(asks[i], std::span(asks).first(i), Side::sell)) return false;
  }
  return bid_count == 0 || ask_count == 0 || bids[0].price < asks[0].price;
}

}  // namespace candled::trading
