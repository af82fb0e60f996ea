// Fraction: a part of a whole, 0 to 1, as an exact count of 1e-12. Shares of cash or position, fees, slippage.
//
// The rule for money: a fraction that a formula gives as a double is rounded once, to the nearest 1e-12 (of a balance
// of 10,000 that is one unit of Money). From there on everything is integer: a number times a fraction, exact however
// wide, divided by 1e12, rounded as the function says. So results are the same on every machine.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/result.hpp"

namespace candled::trading {

class Fraction {
 public:
  static constexpr std::int64_t one = 1'000'000'000'000;

  constexpr Fraction() = default;
  // Rounded to the nearest 1e-12; below 0 or not a number is 0, above 1 is 1.
  static Fraction from_double(double value);
  // A cost as the config writes it: 0 to 5000 basis points in steps of 0.01; refuses anything else.
  static Result<Fraction> from_basis_points(double basis_points);
  static constexpr Fraction basis_points(std::int64_t whole) { return Fraction(whole * (one / 10'000)); }

  // At most 1.
  static constexpr Fraction sum(Fraction a, Fraction b) { return Fraction(std::min(a.units_ + b.units_, one)); }

  constexpr std::int64_t units() const { return units_; }
  friend constexpr auto operator<=>(Fraction, Fraction) = default;

  // This part of a number that is not negative; never more than the number.
  WideUnits nearest_of(WideUnits whole) const;  // half goes up
  WideUnits ceiling_of(WideUnits whole) const;
  Money ceiling_of(Money whole) const { return Money::from_units(ceiling_of(whole.units())); }
  // The largest x with x + ceiling_of(x) <= whole: what remains of a sum that includes a cost of this fraction.
  Money largest_with_cost_within(Money whole) const;

 private:
  constexpr explicit Fraction(std::int64_t units) : units_(units) {}
  std::int64_t units_ = 0;  // 0 to one
};

}  // namespace candled::trading
