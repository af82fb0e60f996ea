// A market from the text of a path or parameter.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "candled/domain/market.hpp"
#include "server/message.hpp"

namespace candled::server {

// "BTC-USD", "BTC/USD", "kraken:BTC-USD" or "kraken:BTC/USD" to "kraken:BTC/USD", or the answer that says what is
// wrong.
std::expected<std::string, Response> find_market(const MarketTable& markets, std::string_view text);

}  // namespace candled::server
