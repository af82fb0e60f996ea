#include "ingest/exchanges/kraken/book_checksum.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace candled::ingest {
namespace {

constexpr std::size_t checked_levels = 10;
constexpr std::uint32_t polynomial = 0xEDB88320;  // reflected

// Row k gives the effect of a byte that k more bytes follow, so that eight bytes take eight independent look-ups.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;
constexpr Tables tables = [] {
  Tables t{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
    t[0][byte] = crc;
  }
  for (std::size_t row = 1; row < t.size(); ++row) {
    for (std::size_t byte = 0; byte < 256; ++byte)
      t[row][byte] = (t[row - 1][byte] >> 8) ^ t[0][t[row - 1][byte] & 0xFF];
  }
  return t;
}();

std::uint32_t byte_at(std::uint64_t word, int index) { return static_cast<std::uint32_t>(word >> (8 * index)) & 0xFF; }

// As a count of 10^-decimals at `at`; null where it has more decimals.
template <class Number>
char* write_whole(char* at, char* end, const Number& number, int decimals, std::int64_t usual_divisor) {
  if (const std::optional<std::int64_t> units = number.usual_units(); units && usual_divisor > 0)
    return *units % usual_divisor == 0 ? std::to_chars(at, end, *units / usual_divisor).ptr : nullptr;
  const std::optional<WideUnits> units = units_at(number.digits(), decimals);
  if (!units) return nullptr;
  const std::string text = decimal_text(*units, 0);
  return static_cast<std::size_t>(end - at) < text.size() ? nullptr : std::ranges::copy(text, at).out;
}

// Of a number's usual form; 0 where the precision is finer than that.
std::int64_t usual_divisor(int usual, int precision) {
  return precision > usual ? 0 : static_cast<std::int64_t>(wide_power_of_ten(usual - precision));
}

std::size_t slot_of(const BookLevel& level) {
  const auto mixed = level.price.bits() * 0x9E3779B97F4A7C15 ^ level.quantity.bits() * 0xC2B2AE3D27D4EB4F;
  return static_cast<std::size_t>(mixed >> 55);  // 512 places
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    for (int i = 7; i >= 0; --i)
      word = (word << 8) | static_cast<unsigned char>(at[i]);  // one load where bytes lie that way
    word ^= crc;
    crc = tables[7][byte_at(word, 0)] ^ tables[6][byte_at(word, 1)] ^ tables[5][byte_at(word, 2)] ^
          tables[4][byte_at(word, 3)] ^ tables[3][byte_at(word, 4)] ^ tables[2][byte_at(word, 5)] ^
          tables[1][byte_at(word, 6)] ^ tables[0][byte_at(word, 7)];
  }
  for (; left > 0; --left, ++at) crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xFF];
  return ~crc;
}

const BookChecksum::LevelText* BookChecksum::text_of(const BookLevel& level) {
  static_assert(kept_levels == 512);
  LevelText& kept = kept_[slot_of(level)];
  if (kept.size != 0 && kept.level == level) return &kept;
  kept.size = 0;
  char* const end = kept.text.data() + kept.text.size();
  char* at = write_whole(kept.text.data(), end, level.price, precision_.price, price_divisor_);
  if (at != nullptr) at = write_whole(at, end, level.quantity, precision_.quantity, quantity_divisor_);
  if (at == nullptr) return nullptr;
  kept.level = level;
  kept.size = static_cast<std::uint8_t>(at - kept.text.data());
  return &kept;
}

std::optional<std::uint32_t> BookChecksum::of(const OrderBook& book, BookPrecision precision) {
  if (precision.price < 0 || precision.price > Price::finest || precision.quantity < 0 ||
      precision.quantity > Quantity::finest) {
    return std::nullopt;
  }
  if (precision != precision_) {
    precision_ = precision;
    price_divisor_ = usual_divisor(Price::decimals, precision.price);
    quantity_divisor_ = usual_divisor(Quantity::decimals, precision.quantity);
    for (LevelText& kept : kept_) kept.size = 0;
  }
  std::array<char, 2 * checked_levels * sizeof(LevelText::text)> text;
  char* at = text.data();
  for (const std::span<const BookLevel> side : {book.asks(), book.bids()}) {
    for (std::size_t i = 0; i < side.size() && i < checked_levels; ++i) {
      const LevelText* level = text_of(side[i]);
      if (level == nullptr) return std::nullopt;
      std::memcpy(at, level->text.data(), level->text.size());  // of a fixed size: quicker than of the right one
      at += level->size;
    }
  }
  return crc32({text.data(), static_cast<std::size_t>(at - text.data())});
}

}  // namespace candled::ingest
