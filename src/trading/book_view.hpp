// BookView: the levels of the order book at a candle's close, as an order that takes them needs them.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "candled/domain/book_facts.hpp"
#include "candled/domain/trade.hpp"

namespace candled::trading {

struct BookView {
  static constexpr std::size_t levels_max = BookFacts::ranks_max;

  std::array<BookLevel, levels_max> bids{}, asks{};  // best first
  std::uint32_t bid_count = 0, ask_count = 0;

  // Levels that are out of order or empty end their side: only what is surely a book is walked.
  static BookView of(const BookFacts& facts);
  // No bytes that of() cannot have made.
  bool possible() const;
  bool known() const { return bid_count + ask_count > 0; }
  // The levels that an order of this side takes.
  std::span<const BookLevel> facing(Side side) const {
    return side == Side::buy ? std::span(asks).first(ask_count) : std::span(bids).first(bid_count);
  }
};

}  // namespace candled::trading
