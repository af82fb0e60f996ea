#include "files/symbol_column.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "files/column_name.hpp"
#include "files/header_layout.hpp"
#include "files/number_text.hpp"
#include "files/pair_text.hpp"

namespace candled::files {
namespace {

Column column_of(const std::vector<std::string>& header, std::string_view name) {
  const auto found = std::ranges::find(header, name);
  return found == header.end() ? none : static_cast<Column>(found - header.begin());
}

struct Spelled {
  std::string exchange;   // "kraken:BTC/USD", "BINANCE:BTCUSDT"; empty: it names none
  std::string_view pair;  // without it
};

Spelled spelled(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {"", text};
  std::string in_front(text.substr(0, colon));
  std::ranges::transform(in_front, in_front.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool is_exchange = in_front == "kraken" || in_front == "coinbase" || in_front == "binance";
  return is_exchange ? Spelled{in_front, text.substr(colon + 1)} : Spelled{"", text};
}

// Every row of the sample that has such a field spells a pair in it.
bool holds_pairs(Column column, std::span<const std::string_view> rows) {
  std::size_t pairs = 0, others = 0;
  for (const std::string_view row : rows) {
    const Fields fields(row);
    if (fields.count() <= static_cast<std::size_t>(column) || fields.count() > Fields::fields_max) continue;
    ++(pair_of(spelled(fields[column]).pair, "") ? pairs : others);
  }
  return pairs > 0 && others * 20 <= pairs;
}

// "BTC": as exchanges write a coin.
bool is_coin(std::string_view text) {
  constexpr std::size_t coin_max = 6;
  return text.size() >= 2 && text.size() <= coin_max &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }) &&
         std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Some rows of the sample are of the market by this column, and the others may be of another; of a column of coins, all are coins.
bool tells_market(Column column, ColumnKind kind, std::span<const std::string_view> rows, const Market& market) {
  std::size_t ours = 0, coins = 0, count = 0;
  for (const std::string_view row : rows) {
    const Fields fields(row);
    if (fields.count() <= static_cast<std::size_t>(column) || fields.count() > Fields::fields_max) continue;
    const std::string_view text = fields[column];
    if (kind == ColumnKind::other && !is_market_text(text)) return false;
    if (text.empty()) continue;
    ++count;
    if (is_symbol_of(text, market)) ++ours;
    if (is_coin(text)) ++coins;
  }
  return ours > 0 || (kind == ColumnKind::coin && coins == count && count > 0);
}

}  // namespace

bool is_market_text(std::string_view text) {
  constexpr std::string_view others[] = {"buy",   "sell", "bid",   "ask",  "limit",  "market", "maker",
                                         "taker", "true", "false", "yes",  "no",     "null",   "none",
                                         "nan",   "na",   "n/a",   "open", "closed", "buyer",  "seller"};
  if (text.size() < 2 || looks_like_number(text) || time_of(text)) return false;
  if (std::ranges::none_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80); }))
    return false;
  if (text.size() > 8) return true;
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::find(others, lower) == std::end(others);
}

SymbolColumns find_symbol_columns(const std::vector<std::string>& header, std::span<const std::string_view> rows,
                                  const Market& market) {
  // By these names also what is no pair, "ETH" alone; under others ("market", "s") stands anything.
  for (const std::string_view name : {"symbol", "pair", "ticker", "product_id", "coin"}) {
    if (const Column found = column_of(header, name); found != none) return {found, none};
  }
  for (const auto& [base, quote] :
       {std::pair{"base", "quote"}, std::pair{"base_currency", "quote_currency"},
        std::pair{"base_asset", "quote_asset"}, std::pair{"baseasset", "quoteasset"},
        std::pair{"basecurrency", "quotecurrency"}, std::pair{"base_symbol", "quote_symbol"}}) {
    const SymbolColumns found{column_of(header, base), column_of(header, quote)};
    if (found.symbol != none && found.quote != none) return found;
  }
  for (std::size_t at = 0; at < header.size(); ++at) {
    if (holds_pairs(static_cast<Column>(at), rows)) return {static_cast<Column>(at), none};
  }
  for (const ColumnKind kind : {ColumnKind::coin, ColumnKind::market, ColumnKind::other}) {
    for (std::size_t at = 0; at < header.size(); ++at) {
      if (kind_of_column(header[at]) == kind && tells_market(static_cast<Column>(at), kind, rows, market))
        return {static_cast<Column>(at), none};
    }
  }
  return {};
}

bool is_symbol_of(std::string_view text, const Market& market) {
  const Spelled told = spelled(text);
  if (!told.exchange.empty() && told.exchange != market.exchange) return false;
  text = told.pair;
  if (same_market(text, market.symbol)) return true;
  if (const std::optional<Pair> pair = pair_of(text, market.exchange))
    return same_market(pair->symbol(), market.symbol);
  return asset_of(text) == asset_of(market.symbol.substr(0, market.symbol.find('/')));
}

bool SymbolFilter::is_ours(const SymbolColumns& columns, const Fields& fields) {
  if (columns.symbol == none || fields[columns.symbol].empty()) return true;
  text_ = fields[columns.symbol];
  if (columns.quote != none) (text_ += '/') += fields[columns.quote];
  constexpr std::size_t known_max = 10'000;  // a column of other things must not fill the memory
  auto found = known_.find(text_);
  if (found == known_.end()) {
    if (known_.size() >= known_max) known_.clear();
    found = known_.emplace(text_, is_symbol_of(text_, market_)).first;
  }
  if (!found->second) note_other(text_);
  return found->second;
}

void SymbolFilter::note_other(std::string_view text) {
  constexpr std::size_t others_max = 1'000, shown_bytes = 40;
  std::string name(text.substr(0, shown_bytes));
  std::ranges::replace_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  if (const auto at = others_.find(name); at != others_.end()) {
    ++at->second;
  } else if (others_.size() < others_max) {
    others_.emplace(std::move(name), 1);
  }
}

}  // namespace candled::files
