#include "files/header_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <span>

namespace candled::files {

std::string letters_of(std::string_view symbol) {
  std::string letters;
  for (const char c : symbol) {
    if (c >= 'a' && c <= 'z') letters += static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) letters += c;
  }
  for (const auto& [theirs, ours] : {std::pair{"XBT", "BTC"}, std::pair{"XDG", "DOGE"}}) {
    if (const std::size_t at = letters.find(theirs); at != std::string::npos) letters.replace(at, 3, ours);
  }
  return letters;
}

namespace {

class Names {
 public:
  explicit Names(const std::vector<std::string>& names) : names_(names) {}
  // The first of the words that is a column.
  Column any(std::initializer_list<std::string_view> words) const {
    return any(std::span(words.begin(), words.size()));
  }
  Column any(std::span<const std::string_view> words) const {
    for (const std::string_view word : words) {
      const auto found = std::ranges::find(names_, word);
      if (found != names_.end()) return static_cast<Column>(found - names_.begin());
    }
    return none;
  }
  bool has(std::string_view word) const { return any({word}) != none; }
  std::size_t count() const { return names_.size(); }
  bool begins(std::initializer_list<std::string_view> words) const {
    return names_.size() >= words.size() && std::equal(words.begin(), words.end(), names_.begin());
  }

 private:
  const std::vector<std::string>& names_;
};

// What trades call what was traded.
constexpr std::string_view quantities[] = {"volume", "qty", "quantity", "amount"};

Layout own_trades(const Names& names) {
  TradeLayout rows;
  rows.market = names.any({"market"});
  rows.id = names.any({"trade_id"});
  rows.time = names.any({"time"});
  rows.price = names.any({"price"});
  rows.quantity = names.any({"quantity"});
  rows.side = names.any({"side"});
  rows.source = names.any({"source"});
  rows.late = names.any({"late"});
  rows.received = names.any({"received"});
  rows.order_type = names.any({"order_type"});
  return {"trades that candled exported", names.count(), 1, rows};
}

Layout own_candles(const Names& names) {
  CandleLayout rows;
  rows.absence = Absence::told;
  rows.market = names.any({"market"});
  rows.interval = names.any({"interval"});
  rows.open_time = names.any({"open_time"});
  rows.open = names.any({"open"});
  rows.high = names.any({"high"});
  rows.low = names.any({"low"});
  rows.close = names.any({"close"});
  rows.volume = names.any({"volume"});
  rows.buy_volume = names.any({"buy_volume"});
  rows.trades = names.any({"trades"});
  rows.state = names.any({"state"});
  rows.revision = names.any({"revision"});
  return {"candles that candled exported", names.count(), 1, rows};
}

Result<Layout> candles_of(const Names& names, const Market& market) {
  CandleLayout rows;
  rows.open_time = names.any({"open_time", "opentime", "unix", "timestamp", "unix timestamp", "time"});
  rows.open = names.any({"open"});
  rows.high = names.any({"high"});
  rows.low = names.any({"low"});
  rows.close = names.any({"close"});
  rows.close_time = names.any({"close_time", "closetime"});
  rows.trades = names.any({"tradecount", "trades", "count", "number_of_trades"});
  rows.buy_volume = names.any(
      {"taker_buy_volume", "taker_buy_base", "takerbuybase", "taker_buy_base_volume", "taker_buy_base_asset_volume"});
  if (rows.open_time == none) return refuse("a header of candles without a unix time");
  if (names.has("unix") && names.has("symbol")) {
    // Volume of the base and of the quote stand in either order.
    const std::string base = letters_of(market.symbol.substr(0, market.symbol.find('/')));
    for (const std::string& name :
         {fmt::format("volume {}", base), std::string(base == "BTC" ? "volume xbt" : "volume")}) {
      std::string lower = name;
      std::ranges::transform(lower, lower.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      if (rows.volume == none) rows.volume = names.any({lower});
    }
    if (rows.volume == none)
      return refuse(fmt::format("CryptoDataDownload candles without a column 'Volume {}'", base));
    return Layout{"CryptoDataDownload candles", names.count(), 1, rows};
  }
  rows.volume = names.any({"volume"});
  if (rows.volume == none) return refuse("a header of candles without a volume");
  if (rows.close_time != none) return Layout{"Binance klines", names.count(), 1, rows};
  rows.absence = Absence::quiet;
  return Layout{"Kraken OHLCVT", names.count(), 1, rows};
}

Layout trades_of(const Names& names) {
  TradeLayout rows;
  rows.price = names.any({"price"});
  rows.quantity = names.any(quantities);
  rows.time = names.any({"timestamp", "transact_time", "time"});
  rows.id = names.any({"trade_id", "id", "agg_trade_id", "aggtradeid"});
  // Kraken's own files call the side of the taker `type`. Beside a column `side`, `type` is the order's.
  rows.side = names.any({"side", "type"});
  rows.buyer_is_maker = names.any({"is_buyer_maker", "isbuyermaker"});
  rows.order_type = names.any({"order_type", names.has("side") ? "type" : "ordertype"});
  rows.first_of_aggregate = names.any({"first_trade_id", "firsttradeid"});
  if (rows.id == none) rows.ids = TradeIds::made;
  if (names.any({"agg_trade_id", "aggtradeid"}) != none) {
    rows.ids = TradeIds::aggregate;
    return {"Binance aggTrades", names.count(), 1, rows};
  }
  if (rows.buyer_is_maker != none) return {"Binance trades", names.count(), 1, rows};
  if (names.begins({"price", "volume"})) return {"Kraken trades from REST", names.count(), 1, rows};
  if (names.has("amount")) return {"ccxt trades", names.count(), 1, rows};
  return {rows.id == none ? "Kraken trades without ids" : "Kraken trades", names.count(), 1, rows};
}

}  // namespace

bool same_market(std::string_view symbol, std::string_view other) { return letters_of(symbol) == letters_of(other); }

Result<Layout> layout_of_header(const std::vector<std::string>& header, const Market& market) {
  const Names names(header);
  const bool has_prices = names.has("open") && names.has("high") && names.has("low") && names.has("close");
  if (names.begins({"market", "trade_id", "time"}) && names.has("received") && names.has("source") &&
      names.has("late") && names.has("price") && names.has("quantity") && names.has("side") &&
      names.has("order_type")) {
    return own_trades(names);
  }
  if (names.begins({"market", "interval", "open_time"}) && has_prices && names.has("state") && names.has("volume") &&
      names.any({"revision"}) + 7 == static_cast<Column>(names.count())) {
    return own_candles(names);
  }
  if (has_prices) return candles_of(names, market);
  if (names.has("price") && names.any(quantities) != none &&
      names.any({"timestamp", "time", "transact_time"}) != none) {
    return trades_of(names);
  }
  return refuse("a header of no known format");
}

}  // namespace candled::files
