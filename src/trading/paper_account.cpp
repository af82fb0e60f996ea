#include "candled/trading/paper_account.hpp"

#include <algorithm>

#include "trading/deal.hpp"

namespace candled::trading {
namespace {

// The part of a cost that goes with the part of a position, rounded to the nearest unit.
Money share_of_cost(Money cost, Amount part, Amount whole) {
  const std::optional<WideUnits> share = multiply_divide(cost.units(), part.units(), whole.units(), Rounding::nearest);
  if (!share) invariant_failed("a share of a cost is larger than the cost");
  return Money::from_units(*share);
}

}  // namespace

PaperAccount::PaperAccount(StrategyId strategy, std::string name, const PaperSettings& settings)
    : strategy_(strategy),
      name_(std::move(name)),
      costs_(settings.costs),
      rules_(settings.rules),
      cash_(settings.starting_balance),
      ledger_(settings.starting_balance) {}

std::optional<Money> PaperAccount::equity_at(Price price) const {
  const std::optional<Money> value = checked_notional(price, position_);
  return value ? checked_add(cash_, *value) : std::nullopt;
}

bool PaperAccount::holds_at(Price price) const {
  if (!position_.is_positive() || position_ < amount_within(rules_.minimum_quantity) ||
      position_ < amount_within(rules_.lot_step))
    return false;
  // Compared as products, without the division that a Money takes; a product that does not fit is large enough.
  const DecimalDigits by = price.digits();
  const std::optional<WideUnits> value = checked_product(by.mantissa, position_.units());
  const std::optional<WideUnits> least = checked_product(costs_.minimum_order.units(), wide_power_of_ten(by.decimals));
  return least && (!value || *value >= *least);
}

void PaperAccount::place(const Order& order, Timestamp now, Record record) {
  withdraw(OrderEnd::replaced, now, record);
  working_.emplace(Working{order, {}, ++orders_, false});
  Working& working = *working_;
  const bool buys = order.side == Side::buy;
  if (buys) working.spend = std::min(order.spend, cash_);
  if (!buys) working.quantity = std::min(order.quantity, position_);
  if (!order.limit.is_positive()) return;

  // A limit order on the better side of its step: it would rather not fill than fill worse.
  const std::optional<Price> limit = on_step(order.limit, buys ? Side::sell : Side::buy, rules_);
  if (!limit) return end(OrderEnd::beyond_numbers, now, record);
  working.limit = *limit;
  const MarketRules& rules = rules_;
  if (buys) {
    const Money before_fee = costs_.maker_fee.largest_with_cost_within(working.spend);
    working.quantity = whole_lots(affordable_amount(before_fee, *limit), rules);
  } else {
    working.quantity = sale_quantity(working.quantity, position_, *limit, costs_, rules).value_or(Amount{});
  }
  const std::optional<Money> value = checked_notional(*limit, working.quantity);
  const bool small =
      buys && value && (*value < costs_.minimum_order || working.quantity < amount_within(rules.minimum_quantity));
  if (small || working.quantity.units() <= 0) {
    end(OrderEnd::below_minimum, now, record);
  }
}

void PaperAccount::withdraw(OrderEnd why, Timestamp now, Record record) {
  if (working_) end(working_->filled.units() > 0 ? OrderEnd::partly_filled : why, now, record);
}

void PaperAccount::execute(const MarketMoment& moment, Record record) {
  if (!working_ || working_->limit.is_positive()) return;
  const Quote quote{moment.price, moment.book};
  const bool buys = working_->side == Side::buy;
  Deals deals = buys ? buy_at_market(working_->spend, quote, costs_, rules_)
                     : sell_at_market(working_->quantity, position_, quote, costs_, rules_);
  if (!can_book(deals)) deals = {.pieces = {}, .end = OrderEnd::beyond_numbers};
  const bool rest = deals.takes_rest && working_->reason == FillReason::signal;
  for (const Deal& deal : deals.all()) {
    book(deal, moment.time, rest ? FillReason::rest_of_position : working_->reason, record);
  }
  end(deals.end, moment.time, record);
  check_ledger();
}

void PaperAccount::on_trade(const Trade& trade, Price before, const BookView* book, Record record) {
  if (!working_ || trade.time < working_->active_from) return;
  if (!working_->limit.is_positive()) return execute({trade.time, trade.price, book}, record);
  if (!working_->resting) {
    const bool passed = working_->side == Side::buy ? before < working_->limit : before > working_->limit;
    if (before.is_positive() && passed) return end(OrderEnd::would_take, trade.time, record);
    working_->resting = true;
  }
  fill_limit(trade, record);
}

void PaperAccount::fill_limit(const Trade& trade, Record record) {
  const Working& order = *working_;
  const bool through = order.side == Side::buy ? trade.price < order.limit : trade.price > order.limit;
  if (!through) return;
  const Amount wanted = std::min(order.quantity - order.filled, amount_within(trade.quantity));
  Deals piece;
  if (const std::optional<Deal> deal = limit_deal(order.side, wanted, order.limit, cash_, costs_, rules_)) {
    piece.pieces[piece.count++] = *deal;
  }
  if (piece.count == 0) return;  // the trade moved less than a lot
  if (!can_book(piece)) return end(OrderEnd::beyond_numbers, trade.time, record);
  book(piece.pieces[0], trade.time, FillReason::limit, record);
  if (working_->filled == working_->quantity) end(OrderEnd::filled, trade.time, record);
  check_ledger();
}

// Cash and position beyond what the types hold come from prices that we don't control.
bool PaperAccount::can_book(const Deals& deals) const {
  Money cash = cash_;
  Amount position = position_;
  for (const Deal& deal : deals.all()) {
    const bool buys = working_->side == Side::buy;
    const std::optional<Money> more = checked_add(cash, buys ? -(deal.notional + deal.fee) : deal.notional - deal.fee);
    const std::optional<Amount> held = checked_add(position, buys ? deal.quantity : -deal.quantity);
    if (!more || !held || !Ledger::holds(*more, *held) || (buys && !checked_add(cost_, deal.notional))) return false;
    cash = *more, position = *held;
  }
  return true;
}

void PaperAccount::book(const Deal& deal, Timestamp time, FillReason reason, Record record) {
  if (working_->side == Side::buy) {
    cash_ -= deal.notional + deal.fee;
    position_ += deal.quantity;
    cost_ = checked_add(cost_, deal.notional).value_or(cost_);
  } else {
    cash_ += deal.notional - deal.fee;
    cost_ -= share_of_cost(cost_, deal.quantity, position_);
    position_ -= deal.quantity;
  }
  working_->filled += deal.quantity;
  const Fill fill{.time = time,
                  .decided_on = working_->decided_on,
                  .quantity = deal.quantity,
                  .price = deal.price,
                  .fee = deal.fee,
                  .number = ++fills_,
                  .strategy = strategy_,
                  .side = working_->side,
                  .reason = reason};
  ledger_.record(fill);
  record.fills.push_back(fill);
}

void PaperAccount::end(OrderEnd how, Timestamp now, Record record) {
  const Working& order = *working_;
  record.orders.push_back({.decided_on = order.decided_on,
                           .active_from = order.active_from,
                           .ended = now,
                           .spend = order.spend,
                           .quantity = order.quantity,
                           .limit = order.limit,
                           .filled = order.filled,
                           .number = order.number,
                           .strategy = strategy_,
                           .side = order.side,
                           .reason = order.reason,
                           .end = how});
  working_.reset();
}

void PaperAccount::check_ledger() const {
  if (!ledger_.explains(cash_, position_)) invariant_failed("paper account: fills don't explain cash and position");
}

}  // namespace candled::trading
