// Numbers and times as exchanges print them, exactly.
#pragma once

#include <cstdint>
#include <string>

#include "candled/domain/time.hpp"
#include "candled/domain/wide.hpp"

namespace candled::simulator {

void append_integer(std::string& out, std::int64_t value);
// Exactly `width` digits, zeros in front.
void append_padded(std::string& out, std::int64_t value, int width);
// units * 10^-scale_decimals with exactly `decimals` digits behind the point; finer digits are cut.
void append_fixed(std::string& out, std::int64_t units, int scale_decimals, int decimals);
// Of a price or a quantity.
void append_fixed(std::string& out, const DecimalDigits& number, int decimals);
// The same number as 1.000001e+05, exact.
void append_exponent(std::string& out, const DecimalDigits& number);
// 2026-08-16T09:00:00.123456Z: microseconds, finer digits are cut.
std::string microsecond_text(Timestamp time);

}  // namespace candled::simulator
