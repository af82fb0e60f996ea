// WideDecimal: an exact decimal number in 128 bits, a count of 10^-Decimals: money, and sums of quantities.
//
// Overflow is an error, never a wrap: checked_add for numbers from outside, operator+ (which aborts) where overflow is our own
// mistake. Usual is the scale that files are written in wherever it holds the number.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"
#include "candled/domain/wide.hpp"

namespace candled {

template <class Tag, int Decimals, int Usual>
class WideDecimal {
 public:
  static constexpr int decimals = Decimals;
  static constexpr std::int64_t scale = static_cast<std::int64_t>(wide_power_of_ten(Decimals));
  static constexpr int finest = Decimals;

  constexpr WideDecimal() = default;
  static constexpr WideDecimal from_units(WideUnits units) { return WideDecimal(units); }
  static constexpr WideDecimal largest() { return WideDecimal(wide_max); }
  static std::optional<WideDecimal> of(const DecimalDigits& digits) {
    const std::optional<WideUnits> units = units_at(digits, Decimals);
    return units ? std::optional(WideDecimal(*units)) : std::nullopt;
  }
  // Refuses what cannot be held exactly; the error names the text and why.
  static Result<WideDecimal> parse(std::string_view text) {
    const Result<DecimalDigits> digits = read_decimal(text);
    if (!digits) return std::unexpected(digits.error());
    if (const std::optional<WideDecimal> value = of(*digits)) return *value;
    return std::unexpected(beyond_type(text, *digits, Decimals));
  }

  constexpr WideUnits units() const { return units_; }
  constexpr bool is_positive() const { return units_ > 0; }
  // The count of 10^-Usual, where it is whole and fits 64 bits.
  constexpr std::optional<std::int64_t> usual_units() const {
    const std::optional<WideUnits> whole = whole_usual_units();
    return whole ? narrow(*whole) : std::nullopt;
  }
  static constexpr WideDecimal from_usual_units(std::int64_t units) { return WideDecimal(units * usual_unit); }
  // For statistics and features, never for money.
  constexpr double to_double() const {
    if (const std::optional<WideUnits> whole = whole_usual_units())
      return static_cast<double>(*whole) / static_cast<double>(wide_power_of_ten(Usual));
    return static_cast<double>(units_) / static_cast<double>(scale);
  }
  // The same as a count of 10^-Usual.
  constexpr double to_usual_units() const {
    if (const std::optional<WideUnits> whole = whole_usual_units()) return static_cast<double>(*whole);
    return static_cast<double>(units_) / static_cast<double>(usual_unit);
  }
  std::string to_text(int min_decimals = 0) const { return decimal_text(units_, Decimals, min_decimals); }

  friend constexpr bool operator==(WideDecimal, WideDecimal) = default;
  friend constexpr std::strong_ordering operator<=>(WideDecimal a, WideDecimal b) {
    return a.units_ < b.units_    ? std::strong_ordering::less
           : a.units_ == b.units_ ? std::strong_ordering::equal
                                  : std::strong_ordering::greater;
  }
  friend constexpr std::optional<WideDecimal> checked_add(WideDecimal a, WideDecimal b) {
    WideUnits sum = 0;
    if (__builtin_add_overflow(a.units_, b.units_, &sum) || sum < -wide_max) return std::nullopt;
    return WideDecimal(sum);
  }
  friend constexpr WideDecimal operator+(WideDecimal a, WideDecimal b) {
    if (const std::optional<WideDecimal> sum = checked_add(a, b)) return *sum;
    invariant_failed("wide addition overflows");
  }
  friend constexpr WideDecimal operator-(WideDecimal a) { return WideDecimal(-a.units_); }
  friend constexpr WideDecimal operator-(WideDecimal a, WideDecimal b) { return a + -b; }
  WideDecimal& operator+=(WideDecimal b) { return *this = *this + b; }
  WideDecimal& operator-=(WideDecimal b) { return *this = *this - b; }

 private:
  static constexpr WideUnits usual_unit = wide_power_of_ten(Decimals - Usual);

  constexpr explicit WideDecimal(WideUnits units) : units_(units) {}
  // Nearly every sum fits 64 bits, whose division is many times quicker.
  constexpr std::optional<WideUnits> whole_usual_units() const {
    constexpr auto unit = static_cast<std::int64_t>(usual_unit);
    if (const std::optional<std::int64_t> units = narrow(units_)) {
      if (*units % unit != 0) return std::nullopt;
      return WideUnits{*units / unit};
    }
    if (units_ % usual_unit != 0) return std::nullopt;
    return units_ / usual_unit;
  }
  WideUnits units_ = 0;  // -wide_max to wide_max
};

}  // namespace candled
