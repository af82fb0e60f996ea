// Wide integers: 128 bits, and the arithmetic of decimal numbers on them. Nothing here wraps: what does not fit is nullopt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled {

__extension__ using WideUnits = __int128;
__extension__ using WideSize = unsigned __int128;

constexpr WideUnits wide_max = static_cast<WideUnits>((WideSize{1} << 127) - 1);

// 10^exponent, for 0 to 38.
constexpr WideUnits wide_power_of_ten(int exponent) {
  WideUnits power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

constexpr std::optional<std::int64_t> narrow(WideUnits units) {
  if (units > INT64_MAX || units < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(units);
}

constexpr std::optional<WideUnits> checked_product(WideUnits a, WideUnits b) {
  WideUnits product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

enum class Rounding : std::uint8_t { toward_zero, nearest, away_from_zero };  // nearest: half away from zero

// a * b / divisor, exact until it is rounded once; b >= 0, divisor > 0.
std::optional<WideUnits> multiply_divide(WideUnits a, WideUnits b, WideUnits divisor, Rounding rounding);

// mantissa * 10^-decimals, the shortest: the mantissa does not end in a zero (0 has 0 decimals). decimals may be negative.
struct DecimalDigits {
  WideUnits mantissa = 0;
  int decimals = 0;
};

// The text of a decimal number: sign, point and [eE][+-]digits; refuses anything else, and more than 37 digits.
Result<DecimalDigits> read_decimal(std::string_view text);

// As a count of 10^-decimals; nullopt where that is not whole or does not fit.
std::optional<WideUnits> units_at(const DecimalDigits& digits, int decimals);

// Why digits do not fit a type that has at most so many decimals.
Error beyond_type(std::string_view text, const DecimalDigits& digits, int decimals_max);

// The exact decimal text of units * 10^-decimals, with at least min_decimals and at most decimals digits after the point.
std::string decimal_text(WideUnits units, int decimals, int min_decimals = 0);

}  // namespace candled
