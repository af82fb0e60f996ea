// Pairs: the names that Kraken gives a market besides its symbol.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "simulator/instrument.hpp"

namespace candled::simulator::kraken {

struct Pair {
  Instrument instrument;    // symbol and stream name: WebSocket v2's BTC/USD
  std::string canonical;    // XXBTZUSD, key of REST answers
  std::string alternative;  // XBTUSD
  std::string v1_name;      // XBT/USD
  std::string base, quote;  // XXBT, ZUSD
  std::string order_minimum = "0.00005";
};

// The pair with this v2 symbol: a listed one, or for any other BASE/QUOTE one named in the manner of newer listings.
Result<Pair> pair_of(std::string_view symbol);

// REST takes the alternative, canonical, v2 and v1 names.
bool is_called(const Pair& pair, std::string_view rest_name);

}  // namespace candled::simulator::kraken
