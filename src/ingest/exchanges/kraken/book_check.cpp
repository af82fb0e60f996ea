#include "ingest/exchanges/kraken/book_check.hpp"

#include <algorithm>
#include <array>

namespace candled::ingest {

// The digits may be those of the last message, those printed in this one (a pair's precision can change under way), or, where
// numbers are printed without their zeros, those that the exchange lists. A wrong guess fits once in four billion.
bool KrakenBookCheck::fits(const OrderBook& book, const StreamBook& message) {
  const BookPrecision& printed = message.printed;
  const BookPrecision most{std::max(printed.price, precision_.price), std::max(printed.quantity, precision_.quantity)};
  for (const BookPrecision& guess : std::array{message.snapshot ? printed : precision_, printed, most, listed_}) {
    if (!guess.known() || checksum_.of(book, guess) != message.checksum) continue;
    precision_ = guess;
    return true;
  }
  return false;
}

const char* KrakenBookCheck::problem_of(const OrderBook& book, const StreamBook& message) {
  return message.checksum && !fits(book, message) ? "its checksum does not fit" : nullptr;
}

}  // namespace candled::ingest
