// SymbolColumn: of which market a row of a table with several is, whatever the column is called and however the pair is spelled.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "candled/domain/market.hpp"
#include "files/layout.hpp"
#include "files/row_reader.hpp"

namespace candled::files {

// By the header's names, and by what stands in the rows where no name tells: pairs, or the market's own coin.
SymbolColumns find_symbol_columns(const std::vector<std::string>& header, std::span<const std::string_view> rows,
                                  const Market& market);

// May be what somebody calls a market: no number, no time, no side, no truth.
bool is_market_text(std::string_view text);

// "XBTUSD", "btc-usd", "BINANCE:BTCUSDT" or, alone, "BTC" beside a market.
bool is_symbol_of(std::string_view text, const Market& market);

// Remembers what it was asked: tables repeat few texts.
class SymbolFilter {
 public:
  explicit SymbolFilter(const Market& market) : market_(market) {}

  // True without such columns.
  bool is_ours(const SymbolColumns& columns, const Fields& fields);
  // What the others are called, and how many rows each has; the first thousand.
  const std::map<std::string, std::int64_t>& others() const { return others_; }
  void note_other(std::string_view text);

 private:
  const Market& market_;
  std::unordered_map<std::string, bool> known_;
  std::string text_;
  std::map<std::string, std::int64_t> others_;
};

}  // namespace candled::files
