// OrderBook: the best price levels of one market, in sorted arrays.
//
// Each side is one contiguous array sorted from the best level outward. At the depths in use (10 or 25 levels, 160 to 400
// bytes a side) a search from the best level touches one or two cache lines and an insertion moves a few of them, which beats
// any tree. A message is applied level by level, then cut to the depth once, as the exchange does.
//
// Pure. One thread at a time. Allocates only while a message makes a side longer than it ever was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "candled/domain/fixed_point.hpp"

namespace candled {

struct BookLevel {
  Price price;
  Quantity quantity;  // base currency, absolute

  friend bool operator==(const BookLevel&, const BookLevel&) = default;
};

enum class BookSide : std::uint8_t { bid, ask };

class OrderBook {
 public:
  // depth: levels a side that the exchange keeps for us, at least 1 (aborts).
  explicit OrderBook(std::size_t depth);

  std::size_t depth() const { return depth_; }
  void clear();

  // One entry of a message: the level's whole quantity now; 0 removes it, and removing an unknown level does nothing.
  // The caller has checked price > 0 and quantity >= 0.
  void set(BookSide side, Price price, Quantity quantity);
  // The end of a message: levels beyond the depth are dropped, since the exchange sends no removal for them.
  void truncate();

  // Best first. Valid until the next change.
  std::span<const BookLevel> bids() const { return bids_; }
  std::span<const BookLevel> asks() const { return asks_; }

  // A bid at or above an ask: no exchange has such a book, so ours is wrong.
  bool crossed() const { return !bids_.empty() && !asks_.empty() && bids_.front().price >= asks_.front().price; }
  // Both sides have a level and they are not crossed: there is a spread.
  bool two_sided() const { return !bids_.empty() && !asks_.empty() && !crossed(); }

 private:
  std::size_t depth_;
  std::vector<BookLevel> bids_, asks_;
};

}  // namespace candled
