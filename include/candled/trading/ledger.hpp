// Ledger: the sums of all fills of an account, from which cash and position must follow exactly.
//
// The account moves its cash and position by what a deal says; the ledger adds up the fills that were handed out, on
// its own.
#pragma once

#include "candled/domain/state_archive.hpp"
#include "candled/domain/trading.hpp"

namespace candled::trading {

class Ledger {
 public:
  explicit Ledger(Money starting_balance) : starting_balance_(starting_balance) {}

  void record(const Fill& fill);
  // cash = starting balance - bought + sold - fees, position = bought - sold, neither negative.
  bool explains(Money cash, Quantity position) const;

  Money starting_balance() const { return starting_balance_; }

  void save(StateWriter& out) const;
  // False if the bytes are short or can't have come from save().
  bool load(StateReader& in);

 private:
  __extension__ using Wide = __int128;  // a sum over any number of fills fits

  Money starting_balance_;
  Wide money_out_ = 0, money_in_ = 0, fees_ = 0;
  Wide bought_ = 0, sold_ = 0;
};

}  // namespace candled::trading
