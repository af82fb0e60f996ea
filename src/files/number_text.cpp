#include "files/number_text.hpp"

#include <algorithm>
#include <string>

#include "candled/domain/fixed_point.hpp"

namespace candled::files {
namespace {

constexpr std::size_t digits_that_always_fit = 18;

struct Plain {
  std::int64_t digits = 0;
  int decimals = 0;
};

// Digits with at most one point, few enough to fit: nearly every number of nearly every file.
std::optional<Plain> plain_number(std::string_view text) {
  if (text.empty() || text.size() > digits_that_always_fit) return std::nullopt;
  Plain number;
  bool behind_point = false;
  for (const char c : text) {
    if (c == '.') {
      if (behind_point) return std::nullopt;
      behind_point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    number.digits = number.digits * 10 + (c - '0');
    if (behind_point) ++number.decimals;
  }
  if (text.size() == 1 && behind_point) return std::nullopt;
  return number;
}

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Timestamp nanoseconds(std::int64_t count, std::int64_t unit_ns) { return {count * unit_ns}; }

std::optional<Timestamp> by_magnitude(std::int64_t count) {
  constexpr std::int64_t seconds_below = 100'000'000'000, milliseconds_below = 100'000'000'000'000,
                         microseconds_below = 100'000'000'000'000'000;
  if (count < 0) return std::nullopt;
  if (count < seconds_below) {
    // Beyond the year 2262 nanoseconds do not fit.
    return count > INT64_MAX / 1'000'000'000 ? std::nullopt : std::optional(nanoseconds(count, 1'000'000'000));
  }
  if (count < milliseconds_below)
    return count > INT64_MAX / 1'000'000 ? std::nullopt : std::optional(nanoseconds(count, 1'000'000));
  if (count < microseconds_below)
    return count > INT64_MAX / 1'000 ? std::nullopt : std::optional(nanoseconds(count, 1'000));
  return Timestamp{count};
}

}  // namespace

std::optional<std::int64_t> decimal_units(std::string_view text, int decimals) {
  if (const std::optional<Plain> plain = plain_number(text); plain && plain->decimals <= decimals) {
    std::int64_t units = 0;
    if (!__builtin_mul_overflow(plain->digits, power_of_ten(decimals - plain->decimals), &units)) return units;
    return std::nullopt;
  }
  const Result<std::int64_t> units = parse_decimal(text, decimals);
  return units ? std::optional(*units) : std::nullopt;
}

std::optional<DecimalDigits> decimal_digits(std::string_view text) {
  if (const std::optional<Plain> plain = plain_number(text)) return DecimalDigits{plain->digits, plain->decimals};
  const Result<DecimalDigits> digits = read_decimal(text);
  return digits ? std::optional(*digits) : std::nullopt;
}

namespace {

constexpr std::size_t decimals_read = 20;  // those behind decide nothing
constexpr int digits_of_double = 15;       // that a double always keeps
constexpr int decimals_max = 15;

std::optional<DecimalDigits> leading_digits(std::string_view text) {
  const std::size_t point = text.find('.');
  const bool long_fraction =
      point != std::string_view::npos && text.size() - point - 1 > decimals_read && all_digits(text.substr(point + 1));
  return decimal_digits(long_fraction ? text.substr(0, point + 1 + decimals_read) : text);
}

int count_of(WideUnits mantissa) {
  int count = 0;
  for (; mantissa != 0; mantissa /= 10) ++count;
  return count;
}

DecimalDigits rounded(const DecimalDigits& digits, int decimals) {
  const int over = digits.decimals - decimals;
  if (over <= 0) return digits;
  if (over > count_of(digits.mantissa)) return {};
  const WideUnits unit = wide_power_of_ten(over);
  return {(digits.mantissa + (digits.mantissa < 0 ? -unit / 2 : unit / 2)) / unit, decimals};
}

}  // namespace

std::optional<std::int64_t> rounded_units(std::string_view text, int decimals) {
  const std::optional<DecimalDigits> digits = leading_digits(text);
  const std::optional<WideUnits> units = digits ? units_at(rounded(*digits, decimals), decimals) : std::nullopt;
  return units ? narrow(*units) : std::nullopt;
}

std::optional<DecimalDigits> meant_digits(std::string_view text, int usual) {
  const std::optional<DecimalDigits> digits = leading_digits(text);
  if (!digits || digits->decimals <= usual) return digits;
  return rounded(*digits, count_of(digits->mantissa) > digits_of_double ? usual : decimals_max);
}

bool looks_like_number(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos &&
         text.find_first_not_of("0123456789.+-eE") == std::string_view::npos;
}

std::optional<Timestamp> time_of(std::string_view text) {
  if (text.size() > 10 && text[4] == '-' && text[7] == '-') {
    std::string zoned(text);
    if (text.find_first_of("Zz+", 10) == std::string_view::npos && text.find('-', 10) == std::string_view::npos)
      zoned += 'Z';
    const Result<Timestamp> time = parse_rfc3339(zoned);
    return time ? std::optional(*time) : std::nullopt;
  }
  if (const std::optional<Plain> plain = plain_number(text); plain && plain->decimals == 0)
    return by_magnitude(plain->digits);
  // Scientific notation and "1586995200.0" are whole numbers; any other fraction means seconds.
  if (const std::optional<std::int64_t> whole = decimal_units(text, 0)) return by_magnitude(*whole);
  const Result<Timestamp> seconds = parse_unix_seconds(text);
  return seconds && seconds->ns >= 0 ? std::optional(*seconds) : std::nullopt;
}

std::optional<Timestamp> clock_time(std::string_view text, Timestamp day) {
  std::string clock(text);
  if (clock.size() > 1 && clock[1] == ':') clock.insert(0, 1, '0');
  if (clock.size() < 5 || clock[2] != ':') return std::nullopt;
  if (clock.size() == 5) clock += ":00";
  const Result<Timestamp> time = parse_rfc3339(to_iso8601(day).substr(0, 11) + clock + "Z");
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<Timestamp> day_in(std::string_view name) {
  for (std::size_t at = 0; at + 8 <= name.size(); ++at) {
    const bool in_number = at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9';
    if (in_number) continue;
    const std::string_view rest = name.substr(at);
    if (const std::optional<Timestamp> day = day_of(rest)) return day;
    if (rest.size() < 10 || rest[4] != '-' || rest[7] != '-') continue;
    const Result<Timestamp> day = parse_rfc3339(std::string(rest.substr(0, 10)) + "T00:00:00Z");
    if (day) return *day;
  }
  return std::nullopt;
}

std::optional<Timestamp> day_of(std::string_view text) {
  if (text.size() < 8 || !all_digits(text.substr(0, 8))) return std::nullopt;
  const std::string date =
      std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" + std::string(text.substr(6, 2));
  const Result<Timestamp> day = parse_rfc3339(date + "T00:00:00Z");
  return day ? std::optional(*day) : std::nullopt;
}

}  // namespace candled::files
