#include "store/trade_row.hpp"

#include "candled/domain/enum_names.hpp"
#include "store/exact.hpp"

namespace candled::store {

Trade trade_of(const Statement& row) {
  Trade trade;
  trade.id = row.integer(0);
  trade.time.ns = row.integer(1);
  trade.received.ns = row.integer(2);
  trade.price = exact<Price>(row, 3);
  trade.quantity = exact<Quantity>(row, 4);
  trade.side = from_number<Side>(row.integer(5));
  trade.source = from_number<TradeSource>(row.integer(6));
  trade.order_type = from_number<OrderType>(row.integer(7));
  trade.late = row.integer(8) != 0;
  return trade;
}

}  // namespace candled::store
