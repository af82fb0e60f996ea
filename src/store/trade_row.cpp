#include "store/trade_row.hpp"

#include "candled/domain/enum_names.hpp"
#include "store/exact.hpp"

namespace candled::store {

Trade trade_of(const Statement& row, int first) {
  Trade trade;
  trade.id = row.integer(first);
  trade.time.ns = row.integer(first + 1);
  trade.received.ns = row.integer(first + 2);
  trade.price = exact<Price>(row, first + 3);
  trade.quantity = exact<Quantity>(row, first + 4);
  trade.side = from_number<Side>(row.integer(first + 5));
  trade.source = from_number<TradeSource>(row.integer(first + 6));
  trade.order_type = from_number<OrderType>(row.integer(first + 7));
  trade.late = row.integer(first + 8) != 0;
  return trade;
}

}  // namespace candled::store
