// Numbers and times as files write them: exact where they are money, and fast, because an import is nothing but this.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "candled/domain/time.hpp"
#include "candled/domain/wide.hpp"

namespace candled::files {

// The exact count of 10^-decimals; nullopt for what is not a number or does not fit. Exponents are accepted.
std::optional<std::int64_t> decimal_units(std::string_view text, int decimals);

// The same, but digits finer than the scale are rounded half up.
std::optional<std::int64_t> rounded_units(std::string_view text, int decimals);

// The exact digits; nullopt for what is not a number or has more than 37 digits.
std::optional<DecimalDigits> decimal_digits(std::string_view text);
// What a candle file means by a price or a sum: the exact digits, unless they are what doubles leave behind ("6.1153319800000006": more
// than 15 digits, finer than `usual` decimals), which are rounded half up to `usual`. Never more than 15 decimals.
std::optional<DecimalDigits> meant_digits(std::string_view text, int usual);
// Nothing but what numbers are written with.
bool looks_like_number(std::string_view text);

// Seconds, milliseconds, microseconds or nanoseconds since 1970 by magnitude (right for 1973 to 2262), a fraction means
// seconds; RFC 3339 text too, with "Z" or without.
std::optional<Timestamp> time_of(std::string_view text);

// "22:13:20.5" and "9:05" of that day, UTC.
std::optional<Timestamp> clock_time(std::string_view text, Timestamp day);

// The first "20161007" or "2016-10-07" in a name, as the start of that day.
std::optional<Timestamp> day_in(std::string_view name);

// "20161007" at the start of the text, as the start of that day.
std::optional<Timestamp> day_of(std::string_view text);

}  // namespace candled::files
