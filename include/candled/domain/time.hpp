// Time as data: nanoseconds UTC and spans of nanoseconds. No clock is read here.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled {

struct Duration {
  std::int64_t ns = 0;

  static constexpr Duration nanoseconds(std::int64_t n) { return {n}; }
  static constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000'000}; }
  static constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000'000}; }
  static constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
  static constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }
  static constexpr Duration days(std::int64_t n) { return hours(n * 24); }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return {a.ns * n}; }
  friend constexpr std::int64_t operator/(Duration a, Duration b) { return a.ns / b.ns; }
};

struct Timestamp {
  std::int64_t ns = 0;  // since 1970-01-01T00:00:00Z

  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
  friend constexpr Timestamp operator+(Timestamp t, Duration d) { return {t.ns + d.ns}; }
  friend constexpr Timestamp operator-(Timestamp t, Duration d) { return {t.ns - d.ns}; }
  friend constexpr Duration operator-(Timestamp a, Timestamp b) { return {a.ns - b.ns}; }
};

// The start of the interval that contains t; intervals are counted from the epoch. Correct for times before 1970 too.
constexpr Timestamp floor_to(Timestamp t, Duration interval) {
  std::int64_t rest = t.ns % interval.ns;
  return {t.ns - (rest < 0 ? rest + interval.ns : rest)};
}

// RFC 3339 in UTC ("Z" or a numeric offset), 0 to 9 digits after the point, years 1970 to 2200.
Result<Timestamp> parse_rfc3339(std::string_view text);

// Unix seconds in decimal text ("1688669597.8277369", exponents accepted), exact to the nanosecond; finer digits are cut.
Result<Timestamp> parse_unix_seconds(std::string_view text);

// "2025-11-24T19:20:57.303458200Z"; the fraction is left out when it is zero.
std::string to_iso8601(Timestamp t);

// "250ms", "90s", "1m", "5m", "12h", "30d", "2w": a positive whole number and a unit.
Result<Duration> parse_duration(std::string_view text);

// The shortest such text: Duration::minutes(90) is "90m".
std::string to_text(Duration d);

}  // namespace candled
