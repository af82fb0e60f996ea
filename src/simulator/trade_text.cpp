#include "simulator/trade_text.hpp"

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
constexpr std::int64_t second_ns = 1'000'000'000;
constexpr int rest_price_decimals_min = 5;  // REST pads the prices of trades, and only of trades

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

}  // namespace

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

void append_exponent(std::string& out, std::int64_t units, int scale_decimals) {
  std::string digits = std::to_string(units);
  const int exponent = static_cast<int>(digits.size()) - 1 - scale_decimals;
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

void append_rounded_seconds(std::string& out, Timestamp time) {
  std::array<char, 40> text{};
  // The sum rounds once; dividing all the nanoseconds would round twice, and recorded pages show that Kraken does not.
  const double seconds = static_cast<double>(time.ns / second_ns) + static_cast<double>(time.ns % second_ns) / 1e9;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  out.append(text.data(), end);
}

StreamRows::StreamRows(const Pair& pair)
    : price_decimals_(pair.price_decimals), quantity_decimals_(pair.quantity_decimals) {
  const std::string symbol = "{\"symbol\":\"" + pair.symbol + "\",\"side\":\"";
  front_buy_ = symbol + "buy\",\"price\":";
  front_sell_ = symbol + "sell\",\"price\":";
}

void StreamRows::append(std::string& out, const Trade& trade, bool exponents) {
  out += trade.side == Side::buy ? front_buy_ : front_sell_;
  if (exponents) {
    append_exponent(out, trade.price.units(), Price::decimals);
    out += ",\"qty\":";
    append_exponent(out, trade.quantity.units(), Quantity::decimals);
  } else {
    append_fixed(out, trade.price.units(), Price::decimals, price_decimals_);
    out += ",\"qty\":";
    append_fixed(out, trade.quantity.units(), Quantity::decimals, quantity_decimals_);
  }
  out += trade.order_type == OrderType::market ? ",\"ord_type\":\"market\",\"trade_id\":"
                                               : ",\"ord_type\":\"limit\",\"trade_id\":";
  append_integer(out, trade.id);
  out += ",\"timestamp\":\"";
  append_time(out, trade.time);
  out += "\"}";
}

void StreamRows::append_time(std::string& out, Timestamp time) {
  const std::int64_t second = time.ns / second_ns;
  if (second != second_) {
    second_ = second;
    second_text_ = to_iso8601(Timestamp{second * second_ns});
    second_text_.back() = '.';
  }
  out += second_text_;
  append_padded(out, time.ns % second_ns / 1000, 6);
  out += 'Z';
}

void append_rest_row(std::string& out, const Trade& trade, const Pair& pair) {
  out += "[\"";
  append_fixed(out, trade.price.units(), Price::decimals, std::max(rest_price_decimals_min, pair.price_decimals));
  out += "\",\"";
  append_fixed(out, trade.quantity.units(), Quantity::decimals, pair.quantity_decimals);
  out += "\",";
  append_rounded_seconds(out, trade.time);
  out += trade.side == Side::buy ? ",\"b\",\"" : ",\"s\",\"";
  out += trade.order_type == OrderType::market ? "m\",\"\"," : "l\",\"\",";
  append_integer(out, trade.id);
  out += ']';
}

}  // namespace candled::simulator
