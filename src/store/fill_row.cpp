#include "store/fill_row.hpp"

#include "candled/domain/enum_names.hpp"
#include "store/exact.hpp"

namespace candled::store {

Fill fill_of(const Statement& row) {
  Fill fill;
  fill.number = static_cast<std::uint32_t>(row.integer(0));
  fill.time.ns = row.integer(1);
  fill.decided_on.ns = row.integer(2);
  fill.side = from_number<Side>(row.integer(3));
  fill.quantity = exact<Amount>(row, 4);
  fill.price = exact<Price>(row, 5);
  fill.fee = exact<Money>(row, 6);
  fill.reason = from_number<FillReason>(row.integer(7));
  return fill;
}

}  // namespace candled::store
