#include "simulator/dialects/kraken/trade_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "simulator/number_text.hpp"

namespace candled::simulator::kraken {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr int rest_price_decimals_min = 5;  // REST pads the prices of trades, and only of trades

}  // namespace

void append_rounded_seconds(std::string& out, Timestamp time) {
  std::array<char, 40> text{};
  // The sum rounds once; dividing all the nanoseconds would round twice, and recorded pages show that Kraken does not.
  const std::int64_t whole = time.ns / second_ns;
  const double seconds = static_cast<double>(whole) + static_cast<double>(time.ns % second_ns) / 1e9;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  out.append(text.data(), end);
}

StreamRows::StreamRows(const Instrument& instrument)
    : price_decimals_(instrument.price_decimals), quantity_decimals_(instrument.quantity_decimals) {
  const std::string symbol = "{\"symbol\":\"" + instrument.stream_name + "\",\"side\":\"";
  front_buy_ = symbol + "buy\",\"price\":";
  front_sell_ = symbol + "sell\",\"price\":";
}

void StreamRows::append(std::string& out, const Trade& trade, bool exponents) {
  out += trade.side == Side::buy ? front_buy_ : front_sell_;
  if (exponents) {
    append_exponent(out, trade.price.digits());
    out += ",\"qty\":";
    append_exponent(out, trade.quantity.digits());
  } else {
    append_fixed(out, trade.price.digits(), price_decimals_);
    out += ",\"qty\":";
    append_fixed(out, trade.quantity.digits(), quantity_decimals_);
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

void append_rest_row(std::string& out, const Trade& trade, const Instrument& instrument) {
  out += "[\"";
  append_fixed(out, trade.price.digits(), std::max(rest_price_decimals_min, instrument.price_decimals));
  out += "\",\"";
  append_fixed(out, trade.quantity.digits(), instrument.quantity_decimals);
  out += "\",";
  append_rounded_seconds(out, trade.time);
  out += trade.side == Side::buy ? ",\"b\",\"" : ",\"s\",\"";
  out += trade.order_type == OrderType::market ? "m\",\"\"," : "l\",\"\",";
  append_integer(out, trade.id);
  out += ']';
}

}  // namespace candled::simulator::kraken
