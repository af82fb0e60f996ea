// Where in the table `trade` a time lies. Ids rise with time among those of the exchange, and among those that were made for
// trades without one (below zero); there is no index on time.
#pragma once

#include <cstdint>

#include "candled/domain/time.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

struct TradeIds {
  std::int64_t first, last;  // both included
};
inline constexpr TradeIds made_trade_ids{INT64_MIN, -1}, own_trade_ids{0, INT64_MAX};

// By bisection along the primary key: no trade of those before the id is at the time or later ...
std::int64_t first_trade_id_at(const Connection& connection, std::int64_t market, Timestamp time, TradeIds ids);
// ... and none from the id on is earlier. Both but for stamps that are wrong.
std::int64_t past_trade_id_at(const Connection& connection, std::int64_t market, Timestamp time, TradeIds ids);

}  // namespace candled::store
