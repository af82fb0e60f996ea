// AccountView: one account at one price, taken once a candle; what options and strategies look at instead of the account.
#pragma once

#include <optional>

#include "candled/domain/fixed_point.hpp"
#include "candled/trading/paper_account.hpp"

namespace candled::trading {

struct AccountView {
  Money cash;
  Amount position;
  Money cost;          // of the position, without fees
  Price price;         // the close that it is looked at
  bool holds = false;  // the position is large enough to be sold

  static AccountView of(const PaperAccount& account, Price price) {
    return {account.cash(), account.position(), account.cost(), price, account.holds_at(price)};
  }
  // cash + position * price; nullopt where Money does not hold it. Not a member: few look at it, and it takes a division.
  std::optional<Money> equity() const {
    const std::optional<Money> value = checked_notional(price, position);
    return value ? checked_add(cash, *value) : std::nullopt;
  }
};

}  // namespace candled::trading
