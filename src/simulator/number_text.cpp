#include "simulator/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace candled::simulator {
namespace {

constexpr std::array<std::int64_t, 19> powers = [] {
  std::array<std::int64_t, 19> p{};
  std::int64_t power = 1;
  for (std::size_t i = 0; i < p.size(); ++i, power *= i < p.size() ? 10 : 1) p[i] = power;
  return p;
}();

}  // namespace

void append_integer(std::string& out, std::int64_t value) {
  std::array<char, 24> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), end);
}

// Exactly `width` digits, zeros in front.
void append_padded(std::string& out, std::int64_t value, int width) {
  std::array<char, 20> text{};
  for (int i = width - 1; i >= 0; --i, value /= 10)
    text[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  out.append(text.data(), static_cast<std::size_t>(width));
}

void append_fixed(std::string& out, std::int64_t units, int scale_decimals, int decimals) {
  if (units < 0) {
    out += '-';
    units = -units;
  }
  const std::int64_t scale = powers[static_cast<std::size_t>(scale_decimals)];
  append_integer(out, units / scale);
  if (decimals == 0) return;
  out += '.';
  const int shown = std::min(decimals, scale_decimals);
  append_padded(out, units % scale / powers[static_cast<std::size_t>(scale_decimals - shown)], shown);
  out.append(static_cast<std::size_t>(decimals - shown), '0');
}

void append_fixed(std::string& out, const DecimalDigits& number, int decimals) {
  append_fixed(out, static_cast<std::int64_t>(number.mantissa), number.decimals, decimals);
}

void append_exponent(std::string& out, const DecimalDigits& number) {
  std::string digits = std::to_string(static_cast<std::int64_t>(number.mantissa));
  const int exponent = static_cast<int>(digits.size()) - 1 - number.decimals;
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  out += digits.front();
  if (digits.size() > 1) out.append(".").append(digits, 1);
  out += exponent < 0 ? "e-" : "e+";
  append_padded(out, exponent < 0 ? -exponent : exponent, 2);
}

std::string microsecond_text(Timestamp time) {
  const Timestamp second = floor_to(time, Duration::seconds(1));
  std::string text = to_iso8601(second);
  text.back() = '.';  // it ended in Z
  append_padded(text, (time - second).ns / 1000, 6);
  return text += 'Z';
}

}  // namespace candled::simulator
