#include "store/fill_row.hpp"

#include <algorithm>

namespace candled::store {

Fill fill_of(const Statement& row) {
  // A file may hold anything: what is no enumerator becomes the last one.
  const auto bounded = [&](int column, auto last) {
    return static_cast<decltype(last)>(std::clamp<std::int64_t>(row.integer(column), 0, static_cast<std::int64_t>(last)));
  };
  Fill fill;
  fill.number = static_cast<std::uint32_t>(row.integer(0));
  fill.time.ns = row.integer(1);
  fill.decided_on.ns = row.integer(2);
  fill.side = bounded(3, Side::unknown);
  fill.quantity = Quantity::from_units(row.integer(4));
  fill.price = Price::from_units(row.integer(5));
  fill.fee = Money::from_units(row.integer(6));
  fill.reason = bounded(7, FillReason::drawdown);
  return fill;
}

}  // namespace candled::store
