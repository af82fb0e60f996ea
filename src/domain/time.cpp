#include "candled/domain/time.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

#include "candled/domain/fixed_point.hpp"

namespace candled {
namespace {

// Exactly `width` digits at the front of text, taken off it.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return 0;
  std::int64_t ns = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (++digits > 9) return std::nullopt;
    ns = ns * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 9; ++digits) ns *= 10;
  return ns;
}

std::optional<Duration> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return Duration{};
  const bool negative = !text.empty() && text.front() == '-';
  if (!negative && (text.empty() || text.front() != '+')) return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const Duration offset = Duration::hours(*hours) + Duration::minutes(*minutes);
  return negative ? Duration{-offset.ns} : offset;
}

std::optional<Timestamp> rfc3339(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *year < 1970 || *year > 2200 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return Timestamp{} + Duration::days(days) + Duration::hours(*hour) + Duration::minutes(*minute) +
         Duration::seconds(*second) + Duration{*fraction} - *offset;
}

struct Unit {
  std::string_view name;
  Duration length;
};
constexpr std::array units{Unit{"w", Duration::days(7)},    Unit{"d", Duration::days(1)},
                           Unit{"h", Duration::hours(1)},   Unit{"m", Duration::minutes(1)},
                           Unit{"s", Duration::seconds(1)}, Unit{"ms", Duration::milliseconds(1)}};

}  // namespace

Result<Timestamp> parse_rfc3339(std::string_view text) {
  if (auto time = rfc3339(text)) return *time;
  return refuse("not an RFC 3339 time: '" + std::string(text.substr(0, 64)) + "'");
}

Result<Timestamp> parse_unix_seconds(std::string_view text) {
  // Digits finer than a nanosecond are cut from plain decimals; a double printed by someone else may have them.
  std::string_view cut = text;
  if (std::size_t point = text.find('.'); point != std::string_view::npos &&
                                          text.find_first_of("eE") == std::string_view::npos &&
                                          text.size() - point > 10) {
    if (text.substr(point + 1).find_first_not_of("0123456789") == std::string_view::npos)
      cut = text.substr(0, point + 10);
  }
  Result<std::int64_t> ns = parse_decimal(cut, 9);
  if (!ns) return refuse("not a unix time: '" + std::string(text.substr(0, 64)) + "'");
  return Timestamp{*ns};
}

std::string to_iso8601(Timestamp t) {
  const Timestamp second = floor_to(t, Duration::seconds(1));
  const std::chrono::sys_seconds whole{std::chrono::seconds{second.ns / 1'000'000'000}};
  const auto day = std::chrono::floor<std::chrono::days>(whole);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{whole - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  std::string out = text.data();
  if (t != second) {
    std::string digits = std::to_string((t - second).ns);
    out += "." + std::string(9 - digits.size(), '0') + digits;
  }
  return out + "Z";
}

Result<Duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& u : units) {
    std::int64_t ns = 0;
    if (error == std::errc{} && unit == u.name && count > 0 && !__builtin_mul_overflow(count, u.length.ns, &ns)) {
      return Duration{ns};
    }
  }
  return refuse("not a duration: '" + std::string(text.substr(0, 64)) + "' (write 250ms, 90s, 5m, 12h, 30d or 2w)");
}

std::string to_text(Duration d) {
  for (const Unit& u : units) {
    if (u.name != "w" && d.ns % u.length.ns == 0) return std::to_string(d / u.length) + std::string(u.name);
  }
  return std::to_string(d.ns) + "ns";
}

}  // namespace candled
