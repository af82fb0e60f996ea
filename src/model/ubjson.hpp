// UBJSON (ubjson.org, draft 12) as far as XGBoost 1.7 writes it, read from bytes that nobody vouches for.
//
// Keys and lengths are 'L' numbers, arrays carry their count, typed arrays their type too. Values point into the bytes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::model {

struct UbjMember;

struct UbjValue {
  // '{' object, '[' array, '$' typed array, 'S' text, 'i' whole number
  char kind = 0;
  std::vector<UbjMember> members;
  std::vector<UbjValue> items;
  std::string_view text;
  std::int64_t integer = 0;
  // Typed array: 'U' uint8, 'l' int32, 'L' int64, 'd' float32; `count` elements, big-endian in `text`.
  char element_type = 0;
  std::size_t count = 0;

  std::int32_t int32_at(std::size_t i) const;
  float float_at(std::size_t i) const;
  std::uint8_t uint8_at(std::size_t i) const;
};

struct UbjMember {
  std::string_view key;
  UbjValue value;
};

// The whole of bytes is one value. Bounded in depth and in number of values, whatever lengths the bytes claim.
Result<UbjValue> parse_ubjson(std::string_view bytes);

}  // namespace candled::model
