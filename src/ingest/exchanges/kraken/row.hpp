// A trade of Kraken's while its fields come in, from the stream or from REST; each is checked as it comes.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "candled/domain/result.hpp"
#include "candled/domain/trade.hpp"

namespace candled::ingest {

constexpr Timestamp first_believable{1'230'768'000'000'000'000};  // 2009: no trade of a crypto currency is older
inline std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

// A row of trades while its fields come in. `problem` names the first field that is wrong.
struct KrakenRow {
  Trade trade;
  unsigned seen = 0;
  const char* problem = nullptr;

  enum Field : unsigned { symbol = 1, side = 2, price = 4, quantity = 8, id = 16, time = 32 };

  void take(bool good, Field field, const char* name) {
    seen |= field;
    if (!good && problem == nullptr) problem = name;
  }
  void price_text(std::string_view text) {
    const Result<Price> value = Price::parse(text);
    take(value && value->is_positive(), price, "price");
    if (value) trade.price = *value;
  }
  void quantity_text(std::string_view text, const char* name) {
    const Result<Quantity> value = Quantity::parse(text);
    take(value && value->is_positive(), quantity, name);
    if (value) trade.quantity = *value;
  }
  void side_text(std::string_view text, std::string_view buy, std::string_view sell) {
    take(text == buy || text == sell, side, "side");
    trade.side = text == buy ? Side::buy : Side::sell;
  }
  void id_text(std::string_view text) {
    const std::optional<std::int64_t> value = whole_number(text);
    take(value && *value > 0 && *value < INT64_MAX, id, "trade_id");
    if (value) trade.id = *value;
  }
  void time_value(const Result<Timestamp>& value, const char* name) {
    take(value && *value >= first_believable, time, name);
    if (value) trade.time = *value;
  }
  void order_type(std::string_view text, std::string_view limit, std::string_view market) {
    if (text == limit) trade.order_type = OrderType::limit;
    if (text == market) trade.order_type = OrderType::market;
  }
};

}  // namespace candled::ingest
