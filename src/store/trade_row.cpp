#include "store/trade_row.hpp"

namespace candled::store {

Trade trade_of(const Statement& row) {
  Trade trade;
  trade.id = row.integer(0);
  trade.time.ns = row.integer(1);
  trade.received.ns = row.integer(2);
  trade.price = Price::from_units(row.integer(3));
  trade.quantity = Quantity::from_units(row.integer(4));
  trade.side = static_cast<Side>(row.integer(5));
  trade.source = static_cast<TradeSource>(row.integer(6));
  trade.order_type = static_cast<OrderType>(row.integer(7));
  trade.late = row.integer(8) != 0;
  return trade;
}

}  // namespace candled::store
