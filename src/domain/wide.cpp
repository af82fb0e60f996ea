#include "candled/domain/wide.hpp"

#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>

namespace candled {
namespace {

constexpr int exponent_limit = 64;  // no honest number needs more; keeps hostile exponents cheap
constexpr int digits_max = 37;      // that many nines fit
constexpr std::size_t text_max = 96;
constexpr int narrow_digits = 18;

constexpr auto powers_of_ten = [] {
  std::array<WideUnits, 39> powers{};
  for (int i = 0; i < 39; ++i) powers[static_cast<std::size_t>(i)] = wide_power_of_ten(i);
  return powers;
}();

WideUnits power_of_ten(int exponent) { return powers_of_ten[static_cast<std::size_t>(exponent)]; }

std::unexpected<Error> not_a_number(std::string_view text) {
  return refuse("not a decimal number: '" + std::string(text.substr(0, 64)) + "'");
}

bool read_exponent(std::string_view text, int& exponent) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size() && exponent >= -exponent_limit &&
         exponent <= exponent_limit;
}

// The digits of a number without sign and exponent; zeros at the end are counted, not held.
class DigitRun {
 public:
  // False where there is something else in it.
  bool read(std::string_view text) {
    bool behind_point = false, any = false;
    for (const char c : text) {
      if (c == '.' && !behind_point) {
        behind_point = true;
        continue;
      }
      if (c < '0' || c > '9') return false;
      any = true;
      if (behind_point) ++fraction_;
      if (c == '0') {
        ++zeros_;
      } else {
        push(c - '0');
      }
    }
    return any;
  }
  bool too_long() const { return digits_ > digits_max; }
  DecimalDigits value(bool negative, int exponent) const {
    if (digits_ == 0) return {};
    const WideUnits mantissa = digits_ <= narrow_digits ? WideUnits{low_} : high_;
    return {negative ? -mantissa : mantissa, fraction_ - zeros_ - exponent};
  }

 private:
  void push(int digit) {
    const int shift = digits_ == 0 ? 1 : zeros_ + 1;
    const int before = digits_;
    digits_ = before == 0 ? 1 : before + shift;
    zeros_ = 0;
    if (digits_ <= narrow_digits) {
      low_ = low_ * static_cast<std::int64_t>(power_of_ten(shift)) + digit;
    } else if (digits_ <= digits_max) {
      high_ = (before <= narrow_digits ? WideUnits{low_} : high_) * power_of_ten(shift) + digit;
    }
  }

  std::int64_t low_ = 0;  // while it holds all
  WideUnits high_ = 0;
  int digits_ = 0;    // from the first that is not zero
  int zeros_ = 0;     // behind them
  int fraction_ = 0;  // digits behind the point
};

}  // namespace

Result<DecimalDigits> read_decimal(std::string_view text) {
  const std::string_view whole = text;
  if (text.size() > text_max) return not_a_number(whole);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    if (!read_exponent(text.substr(e + 1), exponent)) return not_a_number(whole);
    text = text.substr(0, e);
  }
  DigitRun run;
  if (!run.read(text)) return not_a_number(whole);
  if (run.too_long()) return refuse("more than 37 digits: '" + std::string(whole) + "'");
  return run.value(negative, exponent);
}

std::optional<WideUnits> units_at(const DecimalDigits& digits, int decimals) {
  if (digits.mantissa == 0) return WideUnits{0};
  const int shift = decimals - digits.decimals;
  if (shift < 0) {
    if (shift < -38 || digits.mantissa % power_of_ten(-shift) != 0) return std::nullopt;
    return digits.mantissa / power_of_ten(-shift);
  }
  return shift > 38 ? std::nullopt : checked_product(digits.mantissa, power_of_ten(shift));
}

Error beyond_type(std::string_view text, const DecimalDigits& digits, int decimals_max) {
  const std::string what = digits.decimals > decimals_max ? "more than " + std::to_string(decimals_max) + " decimals"
                                                          : "number too large to be held exactly";
  return {Remedy::refuse, what + ": '" + std::string(text) + "'"};
}

std::optional<WideUnits> multiply_divide(WideUnits a, WideUnits b, WideUnits divisor, Rounding rounding) {
  const bool negative = a < 0;
  const WideSize size = negative ? -static_cast<WideSize>(a) : static_cast<WideSize>(a);
  const WideSize over = rounding == Rounding::toward_zero ? 0
                        : rounding == Rounding::nearest   ? static_cast<WideSize>(divisor) / 2
                                                          : static_cast<WideSize>(divisor) - 1;
  WideSize product = 0, result = 0;
  if (!__builtin_mul_overflow(size, static_cast<WideSize>(b), &product) &&
      !__builtin_add_overflow(product, over, &product)) {
    result = product / static_cast<WideSize>(divisor);
  } else {
    using boost::multiprecision::uint512_t;
    const uint512_t exact = (uint512_t(size) * uint512_t(static_cast<WideSize>(b)) + uint512_t(over)) /
                            uint512_t(static_cast<WideSize>(divisor));
    if (exact > uint512_t(static_cast<WideSize>(wide_max))) return std::nullopt;
    result = static_cast<WideSize>(exact);
  }
  if (result > static_cast<WideSize>(wide_max)) return std::nullopt;
  return negative ? -static_cast<WideUnits>(result) : static_cast<WideUnits>(result);
}

std::string decimal_text(WideUnits units, int decimals, int min_decimals) {
  const bool negative = units < 0;
  WideSize rest = negative ? -static_cast<WideSize>(units) : static_cast<WideSize>(units);
  std::string digits;
  if (rest <= UINT64_MAX) {
    digits = std::to_string(static_cast<std::uint64_t>(rest));
  } else {
    constexpr std::uint64_t low_part = 1'000'000'000'000'000'000;
    const std::string high = decimal_text(static_cast<WideUnits>(rest / low_part), 0);
    const std::string low = std::to_string(static_cast<std::uint64_t>(rest % low_part));
    digits = high + std::string(18 - low.size(), '0') + low;
  }
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

}  // namespace candled
