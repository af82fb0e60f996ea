// Markets: a small index into a table that is built once at start-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled {

enum class MarketId : std::uint16_t {};
constexpr std::size_t index_of(MarketId id) { return static_cast<std::size_t>(id); }

struct Market {
  MarketId id{};
  std::string exchange;  // "kraken"
  std::string symbol;    // "BTC/USD", always BASE/QUOTE whatever the exchange calls it
  Duration interval = Duration::minutes(1);

  std::string name() const { return exchange + ":" + symbol; }  // "kraken:BTC/USD"
};

// All markets of this process; position i holds the market with id i.
using MarketTable = std::vector<Market>;

struct MarketName {
  std::string exchange;
  std::string symbol;
};

// "kraken:BTC/USD"; letters, digits and '.' or '-' in each part.
Result<MarketName> parse_market_name(std::string_view text);

}  // namespace candled
