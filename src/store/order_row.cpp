#include "store/order_row.hpp"

#include <algorithm>

#include "candled/domain/enum_names.hpp"
#include "store/exact.hpp"

namespace candled::store {

// A strategy makes at most one order on a candle; its number begins again where an account was rebuilt.
const char* const order_table = R"sql(
CREATE TABLE paper_order (strategy INTEGER NOT NULL, market INTEGER NOT NULL, number INTEGER NOT NULL, decided_on INTEGER NOT NULL,
  active_from INTEGER NOT NULL, ended INTEGER NOT NULL, side INTEGER NOT NULL, reason INTEGER NOT NULL, limit_price INTEGER,
  spend INTEGER NOT NULL, quantity INTEGER NOT NULL, filled INTEGER NOT NULL, outcome INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (strategy, market, decided_on)) WITHOUT ROWID;
)sql";

OrderRecord order_of(const Statement& row) {
  OrderRecord order;
  order.number = static_cast<std::uint32_t>(row.integer(0));
  order.decided_on.ns = row.integer(1);
  order.active_from.ns = row.integer(2);
  order.ended.ns = row.integer(3);
  order.side = std::min(from_number<Side>(row.integer(4)), Side::sell);
  order.reason = from_number<FillReason>(row.integer(5));
  order.limit = exact<Price>(row, 6);
  order.spend = exact<Money>(row, 7);
  order.quantity = exact<Amount>(row, 8);
  order.filled = exact<Amount>(row, 9);
  order.end = from_number<OrderEnd>(row.integer(10));
  return order;
}

void bind_order(Statement& statement, std::int64_t strategy, std::int64_t market, const OrderRecord& o,
                std::int64_t sequence) {
  const ExactCell limit = o.limit.is_positive() ? exact_cell(o.limit) : ExactCell{};
  statement.bind(strategy, market, std::int64_t{o.number}, o.decided_on.ns, o.active_from.ns, o.ended.ns,
                 static_cast<std::int64_t>(o.side), static_cast<std::int64_t>(o.reason), limit, exact_cell(o.spend),
                 exact_cell(o.quantity), exact_cell(o.filled), static_cast<std::int64_t>(o.end), sequence);
}

}  // namespace candled::store
