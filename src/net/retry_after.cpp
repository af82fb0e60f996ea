#include "candled/net/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace candled::net {
namespace {

constexpr std::int64_t seconds_max = 1'000'000;

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Timestamp> http_date_of(std::string_view text) {
  constexpr std::string_view form = "Wed, 21 Oct 2015 07:28:00 GMT";
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != form.size() || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
      text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto day = number_of<unsigned>(text.substr(5, 2));
  const auto month = std::ranges::find(months, text.substr(8, 3));
  const auto year = number_of<int>(text.substr(12, 4));
  const auto hour = number_of<unsigned>(text.substr(17, 2));
  const auto minute = number_of<unsigned>(text.substr(20, 2));
  const auto second = number_of<unsigned>(text.substr(23, 2));
  if (!day || month == months.end() || !year || !hour || !minute || !second) return std::nullopt;
  if (*year < 1970 || *year > 2200 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
                                         std::chrono::day{*day}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return Timestamp{} + Duration::days(days) + Duration::hours(*hour) + Duration::minutes(*minute) +
         Duration::seconds(*second);
}

std::optional<Duration> retry_after_of(std::string_view text, std::string_view date, Timestamp now) {
  if (const auto seconds = number_of<std::int64_t>(text)) {
    if (*seconds < 0 || *seconds > seconds_max) return std::nullopt;
    return Duration::seconds(*seconds);
  }
  const std::optional<Timestamp> until = http_date_of(text);
  if (!until) return std::nullopt;
  const Duration left = *until - http_date_of(date).value_or(now);
  if (left > Duration::seconds(seconds_max)) return std::nullopt;
  return std::max(left, Duration{});
}

}  // namespace candled::net
