#include "store/csv_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

namespace candled::store {

void CsvText::text(std::string_view cell) {
  separate();
  if (cell.find_first_of(",\"\n\r") == std::string_view::npos) {
    text_ += cell;
    return;
  }
  text_ += '"';
  for (const char c : cell) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
}

void CsvText::integer(std::int64_t value) {
  separate();
  const fmt::format_int digits(value);
  text_.append(digits.data(), digits.size());
}

void CsvText::decimal(std::int64_t units, int decimals) {
  separate();
  if (units < 0) text_ += '-';
  const fmt::format_int text(units < 0 ? 0 - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units));
  std::string_view digits(text.data(), text.size());
  const auto places = static_cast<std::size_t>(decimals);
  const std::size_t whole = digits.size() > places ? digits.size() - places : 0;
  text_ += whole > 0 ? digits.substr(0, whole) : std::string_view("0");
  std::size_t end = digits.size();
  while (end > whole && digits[end - 1] == '0') --end;
  if (end == whole) return;
  text_ += '.';
  if (digits.size() < places) text_.append(places - digits.size(), '0');
  text_ += digits.substr(whole, end - whole);
}

void CsvText::time(Timestamp time) {
  separate();
  const Timestamp start = floor_to(time, Duration::days(1));
  if (start.ns != day_) {
    day_ = start.ns;
    day_text_ = to_iso8601(start).substr(0, 11);  // "2025-11-24T"
  }
  text_ += day_text_;
  std::int64_t rest = (time - start).ns;
  auto two_digits = [&](std::int64_t value) {
    text_ += static_cast<char>('0' + value / 10);
    text_ += static_cast<char>('0' + value % 10);
  };
  constexpr std::int64_t second = 1'000'000'000;
  two_digits(rest / (3600 * second));
  text_ += ':';
  two_digits(rest / (60 * second) % 60);
  text_ += ':';
  two_digits(rest / second % 60);
  std::int64_t fraction = rest % second;
  if (fraction > 0) {
    char digits[9];
    for (int i = 8; i >= 0; --i, fraction /= 10) digits[i] = static_cast<char>('0' + fraction % 10);
    std::size_t count = 9;
    while (digits[count - 1] == '0') --count;
    text_ += '.';
    text_.append(digits, count);
  }
  text_ += 'Z';
}

void CsvText::real(double value) {
  separate();
  if (std::isnan(value)) return;
  fmt::format_to(std::back_inserter(text_), "{:.17g}", value);
}

}  // namespace candled::store
