// TradeContent: what a trade without an id is known by. Trades of the same content are told apart by their count alone. PricedQuantity: the
// part of it that every source writes alike, whatever it makes of stamps and sides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled {

struct TradeContent {
  Timestamp time;
  Price price;
  Quantity quantity;
  Side side = Side::unknown;
  friend bool operator==(const TradeContent&, const TradeContent&) = default;
};

inline TradeContent content_of(const Trade& trade) { return {trade.time, trade.price, trade.quantity, trade.side}; }

struct TradeContentHash {
  std::size_t operator()(const TradeContent& content) const {
    std::size_t hash = static_cast<std::size_t>(content.side);
    for (const std::uint64_t part :
         {static_cast<std::uint64_t>(content.time.ns), content.price.bits(), content.quantity.bits()})
      hash = (hash ^ std::hash<std::uint64_t>{}(part)) * 0x9E3779B97F4A7C15u;
    return hash ^ (hash >> 32);
  }
};

struct PricedQuantity {
  Price price;
  Quantity quantity;
  friend bool operator==(const PricedQuantity&, const PricedQuantity&) = default;
};

inline PricedQuantity priced_quantity_of(const Trade& trade) { return {trade.price, trade.quantity}; }

struct PricedQuantityHash {
  std::size_t operator()(const PricedQuantity& both) const {
    return std::hash<std::uint64_t>{}(both.price.bits()) * 0x9E3779B97F4A7C15u ^
           std::hash<std::uint64_t>{}(both.quantity.bits());
  }
};

}  // namespace candled
