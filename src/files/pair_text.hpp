// PairText: a pair as exchanges spell it ("XBTUSD", "XXBTZUSD", "BTC-USD", "btcusdt", "BTC/USDT") as base and quote in our letters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace candled::files {

struct Pair {
  std::string base, quote;  // "BTC", "USD"
  std::string symbol() const { return base + "/" + quote; }
  friend bool operator==(const Pair&, const Pair&) = default;
};

// Of the whole text. `exchange` (kraken, coinbase, binance; empty: any of them) tells what a spelling without a separator means:
// "GRTUSD" is GRT/USD at Kraken, which quotes nothing in TUSD. Nullopt for what is no pair.
std::optional<Pair> pair_of(std::string_view text, std::string_view exchange);

// "XBT", "XXBT" and "btc" as "BTC".
std::string asset_of(std::string_view text);
// Whether pairs are quoted in this asset.
bool is_quote(std::string_view asset);

}  // namespace candled::files
