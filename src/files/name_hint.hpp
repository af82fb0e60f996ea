// NameHint: what the name of a file says of the pair and of the length of the candles in it, as exchanges and archives write it:
// "XBTUSD_60.csv", "BTCUSDT-1m-2025-01.csv", "Kraken_BTC-USD_1h.csv", "ethusd/20161007_minute_trade.csv".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/time.hpp"

namespace candled::files {

struct NameHint {
  std::string pair;  // in letters as header_layout compares them ("BTCUSD"); empty: none is told
  std::optional<Duration> interval;
  friend bool operator==(const NameHint&, const NameHint&) = default;
};

// The last part of the path that tells counts. `symbol` is the market's own, which is known whatever its quote is; empty: none.
NameHint hint_of(std::string_view path, std::string_view symbol);
// "ETHUSD 1h", for people.
std::string to_text(const NameHint& hint);

}  // namespace candled::files
