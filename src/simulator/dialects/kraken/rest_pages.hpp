// The bodies of Kraken's public REST answers, as pure functions of released trades and the market's time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "simulator/dialects/kraken/pairs.hpp"
#include "simulator/history.hpp"

namespace candled::simulator::kraken {

struct TradesQuery {
  std::optional<Timestamp> since = {};  // exclusive, as the older official document says
  std::size_t count = 1000;             // 1 to 1000
  Timestamp known_until{INT64_MAX};     // REST knows nothing later (its lag)
  bool inclusive = false;               // fault: the trade at `since` is in the page
  bool wrong_last = false;              // fault: `last` too short, in seconds
};

std::string trades_page(const History& history, const Pair& pair, const TradesQuery& query);

// At most the 720 latest bars later than `since` (seconds), the open one included, empty ones flat at the last close.
// nullopt for an interval that Kraken does not have.
std::optional<std::string> ohlc_page(const History& history, const Pair& pair, Timestamp now,
                                     std::int64_t interval_minutes, std::int64_t since_seconds);

std::string asset_pairs_page(std::span<const Pair> pairs);
std::string system_status_page(std::string_view status, Timestamp now);
std::string time_page(Timestamp now);
std::string error_page(std::string_view error);

// Kraken's `since`: seconds (with or without a fraction) or, from its size, nanoseconds.
std::optional<Timestamp> parse_since(std::string_view text);

}  // namespace candled::simulator::kraken
