// Trade: one match on an exchange, with the exchange's number.
#pragma once

#include <cstdint>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/time.hpp"

namespace candled {

enum class Side : std::uint8_t { buy, sell, unknown };  // unknown: only in files that do not say
enum class TradeSource : std::uint8_t { stream, rest, import };
enum class OrderType : std::uint8_t { unknown, limit, market };

struct Trade {
  std::int64_t id = 0;    // contiguous per market; negative for one imported from a file without ids
  Timestamp time;         // the exchange's
  Timestamp received;     // ingest's clock (which follows the exchange's) when the frame or page was read
  Price price;            // > 0
  Quantity quantity;      // > 0, base currency
  Side side = Side::buy;  // the taker's
  TradeSource source = TradeSource::stream;
  OrderType order_type = OrderType::unknown;  // the taker's
  bool late = false;                          // belongs to a closed candle: stored, but left out until a revision
};

}  // namespace candled
