#include "candled/trading/fraction.hpp"

#include <fmt/format.h>

#include <cmath>

namespace candled::trading {
namespace {

__extension__ using Wide = __int128;

constexpr double basis_points_max = 5'000;

std::int64_t product_over_one(std::int64_t whole, std::int64_t units, std::int64_t round_up_by) {
  if (whole < 0) invariant_failed("a fraction of a negative number was asked for");
  return static_cast<std::int64_t>((Wide{whole} * units + round_up_by) / Fraction::one);
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

std::int64_t Fraction::nearest_of(std::int64_t whole) const { return product_over_one(whole, units_, one / 2); }

std::int64_t Fraction::ceiling_of(std::int64_t whole) const { return product_over_one(whole, units_, one - 1); }

std::int64_t Fraction::largest_with_cost_within(std::int64_t whole) const {
  if (whole < 0) invariant_failed("a fraction of a negative number was asked for");
  // x * (1 + f) <= whole; x and whole are integers, so x + ceiling(x * f) <= whole too.
  return static_cast<std::int64_t>(Wide{whole} * one / (Wide{one} + units_));
}

}  // namespace candled::trading
