#include "candled/trading/paper_account.hpp"

#include <algorithm>

#include "trading/deal.hpp"

namespace candled::trading {

PaperAccount::PaperAccount(StrategyId strategy, std::string name, const PaperSettings& settings)
    : strategy_(strategy),
      name_(std::move(name)),
      costs_(settings.costs),
      cash_(settings.starting_balance),
      ledger_(settings.starting_balance) {}

std::optional<Money> PaperAccount::equity_at(Price price) const {
  const std::optional<Money> value = checked_notional(price, position_);
  return value ? checked_add(cash_, *value) : std::nullopt;
}

void PaperAccount::replace_order(const Wish& wish, Timestamp active_from, Timestamp decided_on) {
  working_.reset();
  Order order{.side = Side::buy, .spend = {}, .quantity = {}, .active_from = active_from, .decided_on = decided_on};
  switch (wish.kind) {
    case Wish::Kind::nothing:
      return;
    case Wish::Kind::buy:
      order.spend = std::min(wish.spend, cash_);
      break;
    case Wish::Kind::sell:
      order.side = Side::sell;
      order.quantity = Quantity::from_units(wish.sell.nearest_of(position_.units()));
      break;
  }
  working_ = order;
}

std::optional<Fill> PaperAccount::execute(Price market, Timestamp time) {
  if (!working_) return std::nullopt;
  const Order order = *working_;
  working_.reset();
  const bool buys = order.side == Side::buy;
  const std::optional<Deal> deal =
      buys ? buy_deal(order.spend, market, costs_) : sell_deal(order.quantity, position_, market, costs_);
  if (!deal) return std::nullopt;

  // A cash or position beyond what the types hold comes from prices that we don't control: the order is refused.
  const std::optional<Money> cash =
      buys ? checked_add(cash_, -(deal->notional + deal->fee)) : checked_add(cash_, deal->notional - deal->fee);
  const std::optional<Quantity> position = checked_add(position_, buys ? deal->quantity : -deal->quantity);
  if (!cash || !position) return std::nullopt;

  cash_ = *cash;
  position_ = *position;
  const Fill fill{.time = time, .decided_on = order.decided_on, .quantity = deal->quantity, .price = deal->price,
                  .fee = deal->fee, .number = ++fills_, .strategy = strategy_, .side = order.side,
                  .reason = deal->reason};
  ledger_.record(fill);
  check_ledger();
  return fill;
}

void PaperAccount::check_ledger() const {
  if (!ledger_.explains(cash_, position_)) invariant_failed("paper account: fills don't explain cash and position");
}

void PaperAccount::save(StateWriter& out) const {
  out(cash_), out(position_), out(fills_);
  out(static_cast<std::uint8_t>(working_.has_value()));
  const Order order = working_.value_or(Order{});
  out(order.side), out(order.spend), out(order.quantity), out(order.active_from), out(order.decided_on);
  ledger_.save(out);
}

Result<void> PaperAccount::load(StateReader& in) {
  PaperAccount loaded = *this;
  std::uint8_t has_order = 0;
  std::uint8_t side = 0;
  Order order;
  in(loaded.cash_), in(loaded.position_), in(loaded.fills_);
  in(has_order);
  in(side), in(order.spend), in(order.quantity), in(order.active_from), in(order.decided_on);
  const bool ledger_read = loaded.ledger_.load(in);
  const bool order_possible = has_order <= 1 && side <= 1 && order.spend >= Money{} && order.spend <= loaded.cash_ &&
                              order.quantity >= Quantity{} && order.quantity <= loaded.position_;
  const bool good = ledger_read && order_possible && loaded.ledger_.explains(loaded.cash_, loaded.position_);
  if (!good) return refuse("state of paper account is damaged");
  order.side = side == 0 ? Side::buy : Side::sell;
  loaded.working_ = has_order == 1 ? std::optional(order) : std::nullopt;
  *this = std::move(loaded);
  return {};
}

}  // namespace candled::trading
