#include "candled/trading/ledger.hpp"

namespace candled::trading {

void Ledger::record(const Fill& fill) {
  const Money value = notional(fill.price, fill.quantity);
  if (fill.side == Side::buy) {
    money_out_ += value.units();
    bought_ += fill.quantity.units();
  } else {
    money_in_ += value.units();
    sold_ += fill.quantity.units();
  }
  fees_ += fill.fee.units();
}

bool Ledger::explains(Money cash, Quantity position) const {
  return cash.units() >= 0 && position.units() >= 0 && bought_ - sold_ == position.units() &&
         starting_balance_.units() - money_out_ + money_in_ - fees_ == cash.units();
}

void Ledger::save(StateWriter& out) const {
  out(starting_balance_);
  out(money_out_), out(money_in_), out(fees_), out(bought_), out(sold_);
}

bool Ledger::load(StateReader& in) {
  in(starting_balance_);
  in(money_out_), in(money_in_), in(fees_), in(bought_), in(sold_);
  if (!in.ok()) return false;
  // More than any number of fills (below 2^32 of below 2^63 each) can add up to, and small enough to add without
  // overflow.
  constexpr Wide limit = Wide{1} << 100;
  const auto possible = [](Wide sum) { return sum >= 0 && sum < limit; };
  return possible(money_out_) && possible(money_in_) && possible(fees_) && possible(bought_) && possible(sold_);
}

}  // namespace candled::trading
