// Pairs: the names and precisions that Kraken gives a market.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::simulator {

struct Pair {
  std::string symbol;       // BTC/USD, WebSocket v2
  std::string canonical;    // XXBTZUSD, key of REST answers
  std::string alternative;  // XBTUSD
  std::string v1_name;      // XBT/USD
  std::string base, quote;  // XXBT, ZUSD
  int price_decimals = 5;
  int quantity_decimals = 8;
  std::string order_minimum = "0.00005";
  double usual_price = 100;
};

// The pair with this v2 symbol: a listed one, or for any other BASE/QUOTE one named in the manner of newer listings.
Result<Pair> pair_of(std::string_view symbol);

// REST takes the alternative, canonical, v2 and v1 names.
bool is_called(const Pair& pair, std::string_view rest_name);

}  // namespace candled::simulator
