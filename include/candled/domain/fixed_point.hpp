// Price, Quantity and Money: distinct int64 fixed-point types that refuse to mix.
//
// Read from the raw text of a token (exponents included) and printed back exactly. Overflow is an error, never a wrap:
// checked_add for numbers from outside, operator+ (which aborts) where overflow is our own mistake.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled {

// Text of a decimal number to an integer count of 10^-decimals. Accepts sign, point and [eE][+-]digits; refuses anything else,
// digits that the scale cannot hold (other than zeros), and values beyond int64.
Result<std::int64_t> parse_decimal(std::string_view text, int decimals);

// The exact decimal text of units * 10^-decimals, with at least min_decimals and at most decimals digits after the point.
std::string decimal_text(std::int64_t units, int decimals, int min_decimals = 0);

template <class Tag, int Decimals>
class FixedPoint {
 public:
  static constexpr int decimals = Decimals;
  static constexpr std::int64_t scale = [] {
    std::int64_t s = 1;
    for (int i = 0; i < Decimals; ++i) s *= 10;
    return s;
  }();

  constexpr FixedPoint() = default;
  static constexpr FixedPoint from_units(std::int64_t units) { return FixedPoint(units); }
  static Result<FixedPoint> parse(std::string_view text) {
    Result<std::int64_t> units = parse_decimal(text, Decimals);
    if (!units) return std::unexpected(units.error());
    return FixedPoint(*units);
  }

  constexpr std::int64_t units() const { return units_; }
  // For statistics and features, never for money.
  constexpr double to_double() const { return static_cast<double>(units_) / static_cast<double>(scale); }
  std::string to_text(int min_decimals = 0) const { return decimal_text(units_, Decimals, min_decimals); }

  friend constexpr auto operator<=>(FixedPoint, FixedPoint) = default;
  friend constexpr std::optional<FixedPoint> checked_add(FixedPoint a, FixedPoint b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a.units_, b.units_, &sum)) return std::nullopt;
    return FixedPoint(sum);
  }
  friend constexpr FixedPoint operator+(FixedPoint a, FixedPoint b) {
    if (std::optional<FixedPoint> sum = checked_add(a, b)) return *sum;
    invariant_failed("fixed-point addition overflows");
  }
  friend constexpr FixedPoint operator-(FixedPoint a) {
    if (a.units_ == INT64_MIN) invariant_failed("fixed-point negation overflows");
    return FixedPoint(-a.units_);
  }
  friend constexpr FixedPoint operator-(FixedPoint a, FixedPoint b) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a.units_, b.units_, &difference)) invariant_failed("fixed-point subtraction overflows");
    return FixedPoint(difference);
  }
  FixedPoint& operator+=(FixedPoint b) { return *this = *this + b; }
  FixedPoint& operator-=(FixedPoint b) { return *this = *this - b; }

 private:
  constexpr explicit FixedPoint(std::int64_t units) : units_(units) {}
  std::int64_t units_ = 0;
};

// 10 decimals hold every pair precision that the exchanges publish (0 to 10); the largest price is 922,337,203.
using Price = FixedPoint<struct PriceTag, 10>;
// 8 decimals hold every lot precision; the largest quantity is 92,233,720,368.
using Quantity = FixedPoint<struct QuantityTag, 8>;
// Quote currency. The largest sum is 92,233,720,368.
using Money = FixedPoint<struct MoneyTag, 8>;

// price * quantity, rounded half away from zero to a unit of Money; nullopt where it does not fit.
std::optional<Money> checked_notional(Price price, Quantity quantity);
// The same where overflow is our own mistake: aborts.
Money notional(Price price, Quantity quantity);
// The largest quantity whose notional at this price is at most amount (rounded toward zero); price > 0.
Quantity affordable_quantity(Money amount, Price price);

}  // namespace candled
