#include "candled/trading/ledger.hpp"

#include <fmt/format.h>

namespace candled::trading {

Ledger::Ledger(Money starting_balance) : starting_balance_(starting_balance) {
  move(Account::capital, Account::cash, starting_balance.units());
}

void Ledger::move(Account from, Account to, Wide amount) {
  balances_[static_cast<std::size_t>(from)] -= amount;
  balances_[static_cast<std::size_t>(to)] += amount;
}

void Ledger::record(const Fill& fill) {
  const Money value = notional(fill.price, fill.quantity);
  if (fill.side == Side::buy) {
    move(Account::cash, Account::trade, value.units());
    move(Account::market, Account::position, fill.quantity.units());
  } else {
    move(Account::trade, Account::cash, value.units());
    move(Account::position, Account::market, fill.quantity.units());
  }
  move(Account::cash, Account::fees, fill.fee.units());
}

bool Ledger::balances() const {
  const Wide quote =
      balance(Account::capital) + balance(Account::cash) + balance(Account::trade) + balance(Account::fees);
  const Wide base = balance(Account::position) + balance(Account::market);
  return quote == 0 && base == 0 && balance(Account::cash) >= 0 && balance(Account::position) >= 0 &&
         balance(Account::fees) >= 0 && -balance(Account::capital) == starting_balance_.units();
}

bool Ledger::explains(Money cash, Amount position) const {
  return balances() && balance(Account::cash) == cash.units() && balance(Account::position) == position.units();
}

void Ledger::save(StateWriter& out) const {
  out(starting_balance_);
  for (const Wide balance : balances_) out(balance);
}

bool Ledger::load(StateReader& in) {
  Ledger loaded(Money{});
  in(loaded.starting_balance_);
  for (Wide& balance : loaded.balances_) in(balance);
  if (!in.ok() || loaded.starting_balance_ < Money{}) return false;
  // More than fees and trades can add up to, and small enough to add.
  constexpr Wide far_beyond = limit << 20;
  for (const Wide balance : loaded.balances_) {
    if (balance >= far_beyond || balance <= -far_beyond) return false;
  }
  if (!loaded.balances()) return false;
  *this = loaded;
  return true;
}

Result<void> Rebuilt::add(const Fill& fill) {
  const auto wrong = [&](const char* what) { return refuse(fmt::format("fill {}: {}", fill.number, what)); };
  if (fill.number != fills_ + 1) return wrong("is out of turn");
  if (!fill.quantity.is_positive() || !fill.price.is_positive() || fill.fee.units() < 0 || fill.side > Side::sell) {
    return wrong("is not a fill");
  }
  const std::optional<Money> value = checked_notional(fill.price, fill.quantity);
  if (!value) return wrong("is worth more than can be");
  if (fill.side == Side::sell && (fill.quantity > position_ || fill.fee > *value))
    return wrong("the position does not cover it");
  const std::optional<Money> cost = checked_add(*value, fill.fee);
  const bool buys = fill.side == Side::buy;
  if (buys && (!cost || *cost > cash_)) return wrong("the cash does not cover it");
  const std::optional<Money> cash = checked_add(cash_, buys ? -*cost : *value - fill.fee);
  const std::optional<Amount> position = checked_add(position_, buys ? fill.quantity : -fill.quantity);
  if (!cash || !position || !Ledger::holds(*cash, *position)) return wrong("comes to more than can be");
  cash_ = *cash;
  position_ = *position;
  ++fills_;
  ledger_.record(fill);
  return {};
}

Result<Rebuilt> rebuild(Money starting_balance, std::span<const Fill> fills) {
  Rebuilt account(starting_balance);
  for (const Fill& fill : fills) {
    if (Result<void> added = account.add(fill); !added) return std::unexpected(added.error());
  }
  return account;
}

}  // namespace candled::trading
