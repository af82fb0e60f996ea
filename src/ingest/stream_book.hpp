// One message about an order book, as a frame gave it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "candled/domain/order_book.hpp"
#include "candled/domain/time.hpp"

namespace candled::ingest {

// Digits behind the point that the exchange prints, trailing zeros included; -1: not known.
struct BookPrecision {
  int price = -1;
  int quantity = -1;

  bool known() const { return price >= 0 && quantity >= 0; }
  friend bool operator==(const BookPrecision&, const BookPrecision&) = default;
};

struct BookEntry {
  BookSide side = BookSide::bid;
  BookLevel level;  // price > 0; quantity 0 removes the level
};

struct StreamBook {
  std::size_t market = 0;            // index in the list of symbols that the exchange was made with
  bool snapshot = false;             // replaces what was known
  bool readable = true;              // false: entries are missing, so the book behind this message is not known
  std::size_t first = 0, count = 0;  // its entries in Frame::book_entries, in the order of the message
  std::optional<std::uint32_t> checksum;
  std::optional<Timestamp> time;
  BookPrecision printed;  // the most digits in a number of this message
};

}  // namespace candled::ingest
