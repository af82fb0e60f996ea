// Decimal: an exact decimal number that is not negative, in 64 bits: the price or the quantity of one trade or book level.
//
// Two forms. The usual one is a count of 10^-Usual, up to 2^63: what nearly every market needs, compared as an integer. A number that
// is larger or finer carries its own decimals: the top bit is set, then 4 bits of decimals (0 to 15) and a mantissa of 59 bits, so
// up to 576,460,752,303,423,487 with as many decimals as its 17 digits leave. Every number has exactly one form, so equal numbers
// are equal bits. No code reads the bits: digits() and the comparisons know both forms.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"
#include "candled/domain/wide.hpp"

namespace candled {

template <class Tag, int Usual>
class Decimal {
 public:
  static constexpr int decimals = Usual;  // of the usual form
  static constexpr std::int64_t scale = static_cast<std::int64_t>(wide_power_of_ten(Usual));
  static constexpr int finest = 15;  // decimals of any value

  constexpr Decimal() = default;
  // A count of 10^-Usual; aborts below 0.
  static constexpr Decimal from_units(std::int64_t units) {
    if (units < 0) invariant_failed("a price or quantity below zero");
    return Decimal(static_cast<std::uint64_t>(units));
  }
  // nullopt below 0 and for what cannot be held exactly.
  static constexpr std::optional<Decimal> of(DecimalDigits digits);
  // A count of 10^-15; the same.
  static constexpr std::optional<Decimal> from_finest(WideUnits units) { return of({units, finest}); }
  // Rounded to the nearest decimals that can be held, up or down; nullopt below 0 and beyond the largest.
  static constexpr std::optional<Decimal> rounded(WideUnits finest_units, bool up);
  // Refuses what is negative or cannot be held exactly; the error names the text and why.
  static Result<Decimal> parse(std::string_view text) {
    const Result<DecimalDigits> digits = read_decimal(text);
    if (!digits) return std::unexpected(digits.error());
    if (const std::optional<Decimal> value = of(*digits)) return *value;
    if (digits->mantissa < 0) return refuse("below zero: '" + std::string(text) + "'");
    return std::unexpected(beyond_type(text, *digits, finest));
  }

  constexpr bool is_positive() const { return bits_ != 0; }
  // Exactly mantissa * 10^-decimals; of the usual form always with Usual decimals.
  constexpr DecimalDigits digits() const {
    if (is_usual()) return {WideUnits{static_cast<std::int64_t>(bits_)}, Usual};
    return {WideUnits{static_cast<std::int64_t>(bits_ & mantissa_max)}, own_decimals()};
  }
  // The count of 10^-Usual, where it is whole and fits 64 bits.
  constexpr std::optional<std::int64_t> usual_units() const {
    if (!is_usual()) return std::nullopt;
    return static_cast<std::int64_t>(bits_);
  }
  // The count of 10^-15: any value has one.
  constexpr WideUnits finest_units() const {
    constexpr WideUnits usual_unit = wide_power_of_ten(finest - Usual);
    if (is_usual()) return static_cast<std::int64_t>(bits_) * usual_unit;
    return static_cast<WideUnits>(bits_ & mantissa_max) * wide_power_of_ten(finest - own_decimals());
  }
  // For statistics and features, never for money.
  constexpr double to_double() const {
    if (is_usual()) return static_cast<double>(static_cast<std::int64_t>(bits_)) / static_cast<double>(scale);
    return static_cast<double>(bits_ & mantissa_max) / static_cast<double>(wide_power_of_ten(own_decimals()));
  }
  // The same as a count of 10^-Usual.
  constexpr double to_usual_units() const {
    return is_usual() ? static_cast<double>(static_cast<std::int64_t>(bits_))
                      : to_double() * static_cast<double>(scale);
  }
  std::string to_text(int min_decimals = 0) const {
    const DecimalDigits own = digits();
    if (own.decimals >= min_decimals) return decimal_text(own.mantissa, own.decimals, min_decimals);
    return decimal_text(finest_units(), finest, min_decimals);
  }

  // The bits, for hashes and states; of_bits refuses what no value has.
  constexpr std::uint64_t bits() const { return bits_; }
  static constexpr std::optional<Decimal> of_bits(std::uint64_t bits) {
    const Decimal value(bits);
    if (value.is_usual() || of(value.digits()) == value) return value;
    return std::nullopt;
  }

  friend constexpr bool operator==(Decimal, Decimal) = default;
  friend constexpr std::strong_ordering operator<=>(Decimal a, Decimal b) {
    if (((a.bits_ | b.bits_) & own_form) == 0) return a.bits_ <=> b.bits_;
    const WideUnits left = a.finest_units(), right = b.finest_units();
    return left < right    ? std::strong_ordering::less
           : left == right ? std::strong_ordering::equal
                           : std::strong_ordering::greater;
  }
  friend constexpr std::optional<Decimal> checked_add(Decimal a, Decimal b) {
    if (((a.bits_ | b.bits_) & own_form) == 0 && ((a.bits_ + b.bits_) & own_form) == 0)
      return Decimal(a.bits_ + b.bits_);
    return from_finest(a.finest_units() + b.finest_units());
  }
  friend constexpr std::optional<Decimal> checked_subtract(Decimal a, Decimal b) {
    return from_finest(a.finest_units() - b.finest_units());
  }
  // Where a sum that does not fit, or a difference below 0, is our own mistake.
  friend constexpr Decimal operator+(Decimal a, Decimal b) {
    if (const std::optional<Decimal> sum = checked_add(a, b)) return *sum;
    invariant_failed("decimal addition overflows");
  }
  friend constexpr Decimal operator-(Decimal a, Decimal b) {
    if (const std::optional<Decimal> difference = checked_subtract(a, b)) return *difference;
    invariant_failed("decimal subtraction goes below zero");
  }

 private:
  static constexpr std::uint64_t own_form = std::uint64_t{1} << 63;
  static constexpr int mantissa_bits = 59;
  static constexpr std::uint64_t mantissa_max = (std::uint64_t{1} << mantissa_bits) - 1;

  constexpr explicit Decimal(std::uint64_t bits) : bits_(bits) {}
  constexpr bool is_usual() const { return (bits_ & own_form) == 0; }
  constexpr int own_decimals() const { return static_cast<int>((bits_ & ~own_form) >> mantissa_bits); }

  std::uint64_t bits_ = 0;
};

template <class Tag, int Usual>
constexpr std::optional<Decimal<Tag, Usual>> Decimal<Tag, Usual>::of(DecimalDigits digits) {
  if (digits.mantissa < 0) return std::nullopt;
  if (digits.mantissa == 0) return Decimal();
  if (digits.decimals > Usual && digits.decimals <= finest) {
    const WideUnits finer = wide_power_of_ten(digits.decimals - Usual);
    const std::optional<std::int64_t> units = narrow(digits.mantissa / finer);
    if (units && *units * finer == digits.mantissa) return from_units(*units);
  }
  // Digits that end in zeros may have more decimals than the usual form and still be of it.
  for (bool shortest = false;; shortest = true) {
    if (digits.decimals <= Usual && digits.decimals >= Usual - 18) {
      const std::optional<WideUnits> units =
          checked_product(digits.mantissa, wide_power_of_ten(Usual - digits.decimals));
      if (units && narrow(*units)) return from_units(static_cast<std::int64_t>(*units));
    }
    if (shortest) break;
    while (digits.decimals > 0 && digits.mantissa % 10 == 0) digits.mantissa /= 10, --digits.decimals;
  }
  if (digits.decimals > finest || digits.decimals < -18) return std::nullopt;
  if (digits.decimals < 0) {
    const std::optional<WideUnits> whole = checked_product(digits.mantissa, wide_power_of_ten(-digits.decimals));
    if (!whole) return std::nullopt;
    digits = {*whole, 0};
  }
  if (digits.mantissa > static_cast<WideUnits>(mantissa_max)) return std::nullopt;
  return Decimal(own_form | static_cast<std::uint64_t>(digits.decimals) << mantissa_bits |
                 static_cast<std::uint64_t>(digits.mantissa));
}

template <class Tag, int Usual>
constexpr std::optional<Decimal<Tag, Usual>> Decimal<Tag, Usual>::rounded(WideUnits finest_units, bool up) {
  if (finest_units < 0) return std::nullopt;
  for (int places = finest; places >= 0; --places) {
    const WideUnits step = wide_power_of_ten(finest - places);
    WideUnits count = finest_units / step;
    if (up && count * step != finest_units) ++count;
    if (const std::optional<Decimal> value = of({count, places})) return value;
  }
  return std::nullopt;
}

}  // namespace candled
