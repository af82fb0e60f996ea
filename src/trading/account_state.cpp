// The state of a paper account as bytes and back; what comes back is hostile until it is proven possible.
#include "candled/trading/paper_account.hpp"

namespace candled::trading {
namespace {

template <class Archive, class Working>
void pass_order(Archive& archive, Working& order) {
  archive(order.spend), archive(order.quantity), archive(order.limit), archive(order.active_from),
      archive(order.decided_on);
  archive(order.filled), archive(order.number);
}

}  // namespace

void PaperAccount::save(StateWriter& out) const {
  out(cash_), out(position_), out(cost_), out(fills_), out(orders_);
  out(static_cast<std::uint8_t>(working_.has_value()));
  const Working order = working_.value_or(Working{});
  pass_order(out, order);
  out(static_cast<std::uint8_t>(order.side)), out(static_cast<std::uint8_t>(order.reason));
  out(static_cast<std::uint8_t>(order.resting));
  ledger_.save(out);
}

bool PaperAccount::possible(const Working& order) const {
  const Amount none{};
  if (order.number != orders_ || order.spend < Money{} || order.quantity < none || order.limit < Price{}) return false;
  if (order.filled < none || order.filled > order.quantity) return false;
  if (order.side == Side::sell && order.quantity - order.filled > position_) return false;
  return order.side == Side::sell || order.limit.is_positive() || (order.spend <= cash_ && order.filled == none);
}

Result<void> PaperAccount::load(StateReader& in) {
  PaperAccount loaded = *this;
  std::uint8_t has_order = 0, side = 0, reason = 0, resting = 0;
  Working order;
  in(loaded.cash_), in(loaded.position_), in(loaded.cost_), in(loaded.fills_), in(loaded.orders_);
  in(has_order);
  pass_order(in, order);
  in(side), in(reason), in(resting);
  const bool ledger_read = loaded.ledger_.load(in);
  const bool plausible = has_order <= 1 && side <= 1 && resting <= 1 &&
                         reason <= static_cast<std::uint8_t>(FillReason::drawdown) && loaded.cost_ >= Money{} &&
                         (loaded.position_.units() > 0 || loaded.cost_ == Money{});
  if (!ledger_read || !plausible || !loaded.ledger_.explains(loaded.cash_, loaded.position_)) {
    return refuse("state of paper account is damaged");
  }
  order.side = side == 0 ? Side::buy : Side::sell;
  order.reason = static_cast<FillReason>(reason);
  order.resting = resting == 1;
  if (has_order == 1 && !loaded.possible(order)) return refuse("state of paper account is damaged");
  loaded.working_ = has_order == 1 ? std::optional(order) : std::nullopt;
  *this = std::move(loaded);
  return {};
}

}  // namespace candled::trading
