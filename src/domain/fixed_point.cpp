#include "candled/domain/fixed_point.hpp"

namespace candled {

Result<std::int64_t> parse_decimal(std::string_view text, int decimals) {
  const Result<DecimalDigits> digits = read_decimal(text);
  if (!digits) return std::unexpected(digits.error());
  const std::optional<WideUnits> units = units_at(*digits, decimals);
  const std::optional<std::int64_t> fits = units ? narrow(*units) : std::nullopt;
  if (fits) return *fits;
  return std::unexpected(beyond_type(text, *digits, decimals));
}

Amount amount_within(Quantity quantity) {
  if (const std::optional<std::int64_t> units = quantity.usual_units()) return Amount::from_units(*units);
  constexpr WideUnits finer = wide_power_of_ten(Quantity::finest - Amount::decimals);
  return Amount::from_units(quantity.finest_units() / finer);
}

// Of a trade of any market that the usual forms hold this is one product and one division.
std::optional<Money> checked_notional(Price price, Quantity quantity) {
  const DecimalDigits by = price.digits(), many = quantity.digits();
  const int over = by.decimals + many.decimals - Money::decimals;
  const WideUnits product = by.mantissa * many.mantissa;  // below 2^126
  if (over < 0) {
    const std::optional<WideUnits> units = checked_product(product, wide_power_of_ten(-over));
    return units ? std::optional(Money::from_units(*units)) : std::nullopt;
  }
  constexpr WideUnits usual = wide_power_of_ten(Price::decimals + Quantity::decimals - Money::decimals);
  const WideUnits divisor =
      over == Price::decimals + Quantity::decimals - Money::decimals ? usual : wide_power_of_ten(over);
  return Money::from_units((product + divisor / 2) / divisor);
}

std::optional<Money> checked_notional(Price price, Amount amount) {
  const DecimalDigits by = price.digits();
  const std::optional<WideUnits> units =
      multiply_divide(amount.units(), by.mantissa, wide_power_of_ten(by.decimals), Rounding::nearest);
  return units ? std::optional(Money::from_units(*units)) : std::nullopt;
}

Money notional(Price price, Amount amount) {
  if (std::optional<Money> money = checked_notional(price, amount)) return *money;
  invariant_failed("notional overflows");
}

Amount affordable_amount(Money money, Price price) {
  if (!price.is_positive() || money.units() <= 0) return {};
  const DecimalDigits by = price.digits();
  const std::optional<WideUnits> units =
      multiply_divide(money.units(), wide_power_of_ten(by.decimals), by.mantissa, Rounding::toward_zero);
  return units ? Amount::from_units(*units) : Amount::largest();
}

}  // namespace candled
