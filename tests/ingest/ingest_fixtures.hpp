// What several ingest tests need: padded texts, made-up trades, and Kraken frames and pages written from the protocol.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/trade.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "ingest/exchange.hpp"

namespace candled::ingest {

// A copy of a text in a heap block of exactly the size that parsers may read, so that a sanitizer sees one byte too many.
class PaddedCopy {
 public:
  explicit PaddedCopy(std::string_view text) : bytes_(text.begin(), text.end()), size_(text.size()) {
    bytes_.resize(size_ + text_padding, '\0');
  }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::vector<char> bytes_;
  std::size_t size_;
};

inline std::unique_ptr<Exchange> kraken_for(std::vector<std::string> symbols) {
  return known_exchanges().find("kraken")->make(std::move(symbols));
}
inline ExchangeSettings kraken_settings() { return default_settings(*known_exchanges().find("kraken")->descriptor); }

constexpr Timestamp test_epoch{1'762'795'200'000'000'000};  // 2025-11-10T17:20:00Z

inline Trade trade_of(std::int64_t id, Timestamp time) {
  Trade trade;
  trade.id = id;
  trade.time = time;
  trade.price = Price::from_units(1'000'000'000'000 + id);
  trade.quantity = Quantity::from_units(1000 + id % 7);
  trade.side = id % 2 == 0 ? Side::buy : Side::sell;
  return trade;
}
inline Trade trade_of(std::int64_t id) { return trade_of(id, test_epoch + Duration::milliseconds(id)); }

inline std::string stream_row(const Trade& trade, std::string_view symbol = "BTC/USD") {
  return fmt::format(
      R"({{"symbol":"{}","side":"{}","price":{},"qty":{},"ord_type":"limit","trade_id":{},"timestamp":"{}"}})", symbol,
      trade.side == Side::buy ? "buy" : "sell", trade.price.to_text(1), trade.quantity.to_text(8), trade.id,
      to_iso8601(trade.time));
}

inline std::string stream_frame(const std::vector<Trade>& trades, std::string_view type = "update",
                                std::string_view symbol = "BTC/USD") {
  std::string rows;
  for (const Trade& trade : trades) rows += (rows.empty() ? "" : ",") + stream_row(trade, symbol);
  return fmt::format(R"({{"channel":"trade","type":"{}","data":[{}]}})", type, rows);
}

inline std::string rest_page(const std::vector<Trade>& trades, std::string_view last,
                             std::string_view key = "XXBTZUSD") {
  std::string rows;
  for (const Trade& trade : trades) {
    rows += fmt::format(R"({}["{}","{}",{}.{:09},"{}","l","",{}])", rows.empty() ? "" : ",", trade.price.to_text(5),
                        trade.quantity.to_text(8), trade.time.ns / 1'000'000'000, trade.time.ns % 1'000'000'000,
                        trade.side == Side::buy ? "b" : "s", trade.id);
  }
  return fmt::format(R"({{"error":[],"result":{{"{}":[{}],"last":"{}"}}}})", key, rows, last);
}

// Recorded data beside the checkout, or where CANDLED_DATA says; nothing when it is not there.
inline std::optional<std::string> recorded(const std::string& path) {
  const char* elsewhere = std::getenv("CANDLED_DATA");
  const std::filesystem::path root = elsewhere != nullptr
                                         ? std::filesystem::path(elsewhere)
                                         : std::filesystem::path(CANDLED_SOURCE_DIR) / "../shared/data";
  std::ifstream file(root / path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace candled::ingest
