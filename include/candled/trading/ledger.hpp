// Ledger: double entry in whole units. Every entry moves an amount from one account to another, so the accounts of a currency
// always sum to zero; cash and position of a paper account must follow exactly from it.
//
// The paper account changes cash and position as a deal says; the ledger independently books the fills that were reported.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "candled/domain/result.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/trading.hpp"

namespace candled::trading {

class Ledger {
 public:
  using Wide = WideUnits;
  // Cash and position of an account are below this, 1.2e22 units: small enough to add up without overflow.
  static constexpr Wide limit = Wide{1} << 100;
  static constexpr bool holds(Money cash, Amount position) { return cash.units() < limit && position.units() < limit; }

  // Quote currency: capital (what was put in, negative), cash, trade (paid to the market less received from it), fees.
  // Base currency: position, market (what the market gave, negative).
  enum class Account : std::uint8_t { capital, cash, trade, fees, position, market };
  static constexpr std::size_t account_count = 6;

  explicit Ledger(Money starting_balance);

  // A purchase books cash to trade, market to position and cash to fees; a sale the first two the other way round.
  void record(const Fill& fill);

  // In units of Money (1e-8) for the first four, of Amount (1e-8) for the last two.
  Wide balance(Account account) const { return balances_[static_cast<std::size_t>(account)]; }
  // The accounts of each currency sum to zero, and cash and position are not negative.
  bool balances() const;
  // The ledger balances and comes to this cash and this position.
  bool explains(Money cash, Amount position) const;

  Money starting_balance() const { return starting_balance_; }

  void save(StateWriter& out) const;
  // False if the bytes are short or can't have come from save().
  bool load(StateReader& in);

 private:
  void move(Account from, Account to, Wide amount);

  Money starting_balance_;
  std::array<Wide, account_count> balances_{};
};

// An account as its fills alone determine it: the daemon builds it from the stored fills at start and compares it with the stored state.
class Rebuilt {
 public:
  explicit Rebuilt(Money starting_balance) : ledger_(starting_balance), cash_(starting_balance) {}

  // The next fill, in the order of their numbers. Refused, with nothing changed: a number out of sequence, a quantity or price that
  // is not positive, a negative fee, and a fill that the cash or the position does not cover.
  Result<void> add(const Fill& fill);

  Money cash() const { return cash_; }
  Amount position() const { return position_; }
  std::uint32_t fills() const { return fills_; }
  const Ledger& ledger() const { return ledger_; }

 private:
  Ledger ledger_;
  Money cash_;
  Amount position_;
  std::uint32_t fills_ = 0;
};

// All fills of one account at once. The error names the fill.
Result<Rebuilt> rebuild(Money starting_balance, std::span<const Fill> fills);

}  // namespace candled::trading
