#include "simulator/dialects/kraken/pairs.hpp"

#include <algorithm>

namespace candled::simulator::kraken {
namespace {

Pair pair(const char* symbol, const char* canonical, const char* alternative, const char* v1_name, const char* base,
          const char* quote, int price_decimals, const char* order_minimum, double usual_price) {
  return {
      {symbol, symbol, price_decimals, 8, usual_price}, canonical, alternative, v1_name, base, quote, order_minimum};
}

const std::vector<Pair>& listed() {
  static const std::vector<Pair> pairs{
      pair("BTC/USD", "XXBTZUSD", "XBTUSD", "XBT/USD", "XXBT", "ZUSD", 1, "0.00005", 95'000),
      pair("ETH/USD", "XETHZUSD", "ETHUSD", "ETH/USD", "XETH", "ZUSD", 2, "0.002", 3'400),
      pair("BTC/EUR", "XXBTZEUR", "XBTEUR", "XBT/EUR", "XXBT", "ZEUR", 1, "0.00005", 88'000),
      pair("ETH/EUR", "XETHZEUR", "ETHEUR", "ETH/EUR", "XETH", "ZEUR", 2, "0.002", 3'100),
      pair("BTC/USDT", "XBTUSDT", "XBTUSDT", "XBT/USDT", "XXBT", "USDT", 1, "0.00005", 95'000),
      pair("ETH/BTC", "XETHXXBT", "ETHXBT", "ETH/XBT", "XETH", "XXBT", 5, "0.002", 0.036),
      pair("LTC/USD", "XLTCZUSD", "LTCUSD", "LTC/USD", "XLTC", "ZUSD", 2, "0.06", 100),
      pair("XRP/USD", "XXRPZUSD", "XRPUSD", "XRP/USD", "XXRP", "ZUSD", 5, "2", 2.3),
      pair("DOGE/USD", "XDGUSD", "XDGUSD", "XDG/USD", "XXDG", "ZUSD", 7, "15", 0.2),
      pair("SOL/USD", "SOLUSD", "SOLUSD", "SOL/USD", "SOL", "ZUSD", 2, "0.02", 150),
      pair("ADA/USD", "ADAUSD", "ADAUSD", "ADA/USD", "ADA", "ZUSD", 6, "6", 0.7),
  };
  return pairs;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 16 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
  });
}

}  // namespace

Result<Pair> pair_of(std::string_view symbol) {
  const auto known =
      std::find_if(listed().begin(), listed().end(), [&](const Pair& p) { return p.instrument.symbol == symbol; });
  if (known != listed().end()) return *known;
  const std::size_t slash = symbol.find('/');
  if (slash == std::string_view::npos || !is_name(symbol.substr(0, slash)) || !is_name(symbol.substr(slash + 1))) {
    return refuse("not a Kraken symbol (BASE/QUOTE): '" + std::string(symbol.substr(0, 40)) + "'");
  }
  Pair unlisted;
  unlisted.instrument.symbol = unlisted.instrument.stream_name = unlisted.v1_name = symbol;
  unlisted.base = symbol.substr(0, slash);
  unlisted.quote = symbol.substr(slash + 1);
  unlisted.canonical = unlisted.alternative = unlisted.base + unlisted.quote;
  return unlisted;
}

bool is_called(const Pair& pair, std::string_view rest_name) {
  return rest_name == pair.alternative || rest_name == pair.canonical || rest_name == pair.instrument.symbol ||
         rest_name == pair.v1_name;
}

}  // namespace candled::simulator::kraken
