#include "candled/domain/order_book.hpp"

#include "candled/domain/result.hpp"

namespace candled {
namespace {

constexpr std::size_t spare_levels = 32;  // a message is applied whole before the sides are cut

// nearer(a, b): a stands nearer to the other side of the book than b.
template <class Nearer>
void set_level(std::vector<BookLevel>& levels, Price price, Quantity quantity, Nearer nearer) {
  auto at = levels.begin();
  while (at != levels.end() && nearer(at->price, price)) ++at;
  const bool known = at != levels.end() && at->price == price;
  if (quantity == Quantity{}) {
    if (known) levels.erase(at);
  } else if (known) {
    at->quantity = quantity;
  } else {
    levels.insert(at, {price, quantity});
  }
}

}  // namespace

OrderBook::OrderBook(std::size_t depth) : depth_(depth) {
  if (depth == 0) invariant_failed("an order book without depth");
  bids_.reserve(depth + spare_levels);
  asks_.reserve(depth + spare_levels);
}

void OrderBook::clear() {
  bids_.clear();
  asks_.clear();
}

void OrderBook::set(BookSide side, Price price, Quantity quantity) {
  if (side == BookSide::bid) {
    set_level(bids_, price, quantity, [](Price a, Price b) { return a > b; });
  } else {
    set_level(asks_, price, quantity, [](Price a, Price b) { return a < b; });
  }
}

void OrderBook::truncate() {
  if (bids_.size() > depth_) bids_.resize(depth_);
  if (asks_.size() > depth_) asks_.resize(depth_);
}

}  // namespace candled
