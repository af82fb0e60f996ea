#include "candled/domain/fixed_point.hpp"

#include <algorithm>
#include <charconv>

namespace candled {
namespace {

__extension__ using Wide = __int128;

constexpr int exponent_limit = 64;  // no honest price needs more; keeps hostile exponents cheap

// The mantissa's digits without the point, and the power of ten behind them.
struct Digits {
  bool negative = false;
  std::string_view whole, fraction;
  int exponent = 0;
};

bool all_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

bool split(std::string_view text, Digits& out) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    out.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view exponent = text.substr(e + 1);
    if (!exponent.empty() && exponent.front() == '+') exponent.remove_prefix(1);
    auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.exponent);
    if (exponent.empty() || error != std::errc{} || end != exponent.data() + exponent.size()) return false;
    if (out.exponent < -exponent_limit || out.exponent > exponent_limit) return false;
    text = text.substr(0, e);
  }
  std::size_t point = text.find('.');
  out.whole = text.substr(0, point);
  out.fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  return !(out.whole.empty() && out.fraction.empty()) && all_digits(out.whole) && all_digits(out.fraction);
}

}  // namespace

Result<std::int64_t> parse_decimal(std::string_view text, int decimals) {
  Digits digits;
  if (text.size() > 64 || !split(text, digits)) {
    return refuse("not a decimal number: '" + std::string(text.substr(0, 64)) + "'");
  }
  // Position p of the digit string stands for 10^(whole - 1 - p + exponent); keep those that are at least 10^-decimals.
  const int kept = static_cast<int>(digits.whole.size()) + digits.exponent + decimals;
  Wide units = 0;
  const int count = static_cast<int>(digits.whole.size() + digits.fraction.size());
  for (int p = 0; p < std::max(kept, count); ++p) {
    const auto at = static_cast<std::size_t>(p);
    const char digit = p >= count                 ? '0'
                       : at < digits.whole.size() ? digits.whole[at]
                                                  : digits.fraction[at - digits.whole.size()];
    if (p < kept) {
      units = units * 10 + (digit - '0');
      if (units > INT64_MAX) return refuse("number too large: '" + std::string(text) + "'");
    } else if (digit != '0') {
      return refuse("more than " + std::to_string(decimals) + " decimals: '" + std::string(text) + "'");
    }
  }
  return static_cast<std::int64_t>(digits.negative ? -units : units);
}

std::string decimal_text(std::int64_t units, int decimals, int min_decimals) {
  const bool negative = units < 0;
  std::string digits =
      std::to_string(negative ? 0 - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units));
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  std::size_t keep = digits.size();
  const std::size_t least = digits.size() - places + static_cast<std::size_t>(min_decimals);
  while (keep > least && digits[keep - 1] == '0') --keep;
  const std::size_t whole = digits.size() - places;
  std::string text = negative ? "-" : "";
  text.append(digits, 0, whole);
  if (keep > whole) text.append(".").append(digits, whole, keep - whole);
  return text;
}

std::optional<Money> checked_notional(Price price, Quantity quantity) {
  constexpr Wide divisor = Wide{Price::scale} * Quantity::scale / Money::scale;
  const Wide product = Wide{price.units()} * quantity.units();
  const Wide rounded = (product >= 0 ? product + divisor / 2 : product - divisor / 2) / divisor;
  if (rounded > INT64_MAX || rounded < INT64_MIN) return std::nullopt;
  return Money::from_units(static_cast<std::int64_t>(rounded));
}

Money notional(Price price, Quantity quantity) {
  if (std::optional<Money> money = checked_notional(price, quantity)) return *money;
  invariant_failed("notional overflows");
}

Quantity affordable_quantity(Money amount, Price price) {
  if (price.units() <= 0 || amount.units() <= 0) return {};
  constexpr Wide factor = Wide{Price::scale} * Quantity::scale / Money::scale;
  const Wide units = Wide{amount.units()} * factor / price.units();
  return Quantity::from_units(units > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(units));
}

}  // namespace candled
