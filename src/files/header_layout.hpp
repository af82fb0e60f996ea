// Layouts of files whose first line names the columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "files/layout.hpp"

namespace candled::files {

// From the lower-case names of a header line; refuses a header that no known format has.
Result<Layout> layout_of_header(const std::vector<std::string>& names, const Market& market);

// "btc-usd" and "XBTUSD" as "BTCUSD".
std::string letters_of(std::string_view symbol);
// "BTC/USD", "btc-usd" and "XBTUSD" are one market.
bool same_market(std::string_view symbol, std::string_view other);

}  // namespace candled::files
