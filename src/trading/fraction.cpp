#include "candled/trading/fraction.hpp"

#include <fmt/format.h>

#include <cmath>

namespace candled::trading {
namespace {

constexpr double basis_points_max = 5'000;

WideUnits part_of(WideUnits whole, std::int64_t units, std::int64_t one, Rounding rounding) {
  if (whole < 0) invariant_failed("a fraction of a negative number was asked for");
  const std::optional<WideUnits> part = multiply_divide(whole, units, one, rounding);
  if (!part) invariant_failed("a part is larger than the whole");
  return *part;
}

}  // namespace

Fraction Fraction::from_double(double value) {
  if (!(value > 0)) return Fraction(0);
  if (value >= 1) return Fraction(one);
  return Fraction(std::llround(value * static_cast<double>(one)));
}

Result<Fraction> Fraction::from_basis_points(double basis_points) {
  const double hundredths = std::round(basis_points * 100);
  // Written with two decimals, the nearest double is within this of a whole number of hundredths.
  const bool whole = std::abs(basis_points * 100 - hundredths) < 1e-6;
  if (!(basis_points >= 0 && basis_points <= basis_points_max) || !whole) {
    return refuse(
        fmt::format("{} is not a number of basis points: 0 to {} in steps of 0.01", basis_points, basis_points_max));
  }
  return Fraction(static_cast<std::int64_t>(hundredths) * (one / 1'000'000));
}

WideUnits Fraction::nearest_of(WideUnits whole) const { return part_of(whole, units_, one, Rounding::nearest); }

WideUnits Fraction::ceiling_of(WideUnits whole) const { return part_of(whole, units_, one, Rounding::away_from_zero); }

Money Fraction::largest_with_cost_within(Money whole) const {
  // x * (1 + f) <= whole; x and whole are integers, so x + ceiling(x * f) <= whole too.
  return Money::from_units(part_of(whole.units(), one, one + units_, Rounding::toward_zero));
}

}  // namespace candled::trading
