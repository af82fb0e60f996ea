// BookChecksum: Kraken's CRC32 over the best ten levels of each side (exchanges.md 2.4). Pure.
//
// The text of a level (price and quantity as whole numbers at the pair's precision) is kept from message to message: one
// message changes a level or two, and writing forty numbers again would cost more than the rest together.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ingest/stream_book.hpp"

namespace candled::ingest {

// CRC-32/ISO-HDLC, what zlib calls crc32.
std::uint32_t crc32(std::string_view bytes);

class BookChecksum {
 public:
  // Nothing when a level has more digits than the precision prints (then no checksum of that precision is this book's), or
  // when the precision is not known.
  std::optional<std::uint32_t> of(const OrderBook& book, BookPrecision precision);

 private:
  struct LevelText {
    BookLevel level;
    std::uint8_t size = 0;  // 0: nothing is kept here
    std::array<char, 47> text{};
  };
  const LevelText* text_of(const BookLevel& level);

  static constexpr std::size_t kept_levels =
      512;  // a power of two; two levels that share a place are written again each time
  BookPrecision precision_;
  std::int64_t price_divisor_ = 0, quantity_divisor_ = 0;
  std::array<LevelText, kept_levels> kept_{};
};

}  // namespace candled::ingest
