// Kraken's OHLC call: the newest 720 candles of one interval, the last of them not finished.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/exchange.hpp"

namespace candled::ingest {

// Lengths that the exchange offers, ascending.
std::vector<Duration> kraken_ohlc_intervals();
std::string kraken_ohlc_target(const std::string& rest_name, Duration interval);
// Finished candles, ascending; rows that cannot be right are left out and counted.
RestResult<void> parse_kraken_ohlc(std::string_view body, CandlesPage& page);

}  // namespace candled::ingest
