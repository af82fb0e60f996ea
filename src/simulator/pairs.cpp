#include "simulator/pairs.hpp"

#include <algorithm>

namespace candled::simulator {
namespace {

const std::vector<Pair>& listed() {
  static const std::vector<Pair> pairs{
      {"BTC/USD", "XXBTZUSD", "XBTUSD", "XBT/USD", "XXBT", "ZUSD", 1, 8, "0.00005", 95'000},
      {"ETH/USD", "XETHZUSD", "ETHUSD", "ETH/USD", "XETH", "ZUSD", 2, 8, "0.002", 3'400},
      {"BTC/EUR", "XXBTZEUR", "XBTEUR", "XBT/EUR", "XXBT", "ZEUR", 1, 8, "0.00005", 88'000},
      {"ETH/EUR", "XETHZEUR", "ETHEUR", "ETH/EUR", "XETH", "ZEUR", 2, 8, "0.002", 3'100},
      {"BTC/USDT", "XBTUSDT", "XBTUSDT", "XBT/USDT", "XXBT", "USDT", 1, 8, "0.00005", 95'000},
      {"ETH/BTC", "XETHXXBT", "ETHXBT", "ETH/XBT", "XETH", "XXBT", 5, 8, "0.002", 0.036},
      {"LTC/USD", "XLTCZUSD", "LTCUSD", "LTC/USD", "XLTC", "ZUSD", 2, 8, "0.06", 100},
      {"XRP/USD", "XXRPZUSD", "XRPUSD", "XRP/USD", "XXRP", "ZUSD", 5, 8, "2", 2.3},
      {"DOGE/USD", "XDGUSD", "XDGUSD", "XDG/USD", "XXDG", "ZUSD", 7, 8, "15", 0.2},
      {"SOL/USD", "SOLUSD", "SOLUSD", "SOL/USD", "SOL", "ZUSD", 2, 8, "0.02", 150},
      {"ADA/USD", "ADAUSD", "ADAUSD", "ADA/USD", "ADA", "ZUSD", 6, 8, "6", 0.7},
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
  const auto known = std::find_if(listed().begin(), listed().end(), [&](const Pair& p) { return p.symbol == symbol; });
  if (known != listed().end()) return *known;
  const std::size_t slash = symbol.find('/');
  if (slash == std::string_view::npos || !is_name(symbol.substr(0, slash)) || !is_name(symbol.substr(slash + 1))) {
    return refuse("not a Kraken symbol (BASE/QUOTE): '" + std::string(symbol.substr(0, 40)) + "'");
  }
  Pair pair;
  pair.symbol = pair.v1_name = symbol;
  pair.base = symbol.substr(0, slash);
  pair.quote = symbol.substr(slash + 1);
  pair.canonical = pair.alternative = pair.base + pair.quote;
  return pair;
}

bool is_called(const Pair& pair, std::string_view rest_name) {
  return rest_name == pair.alternative || rest_name == pair.canonical || rest_name == pair.symbol ||
         rest_name == pair.v1_name;
}

}  // namespace candled::simulator
