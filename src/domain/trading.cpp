#include "candled/domain/trading.hpp"

namespace candled {

std::string_view text_of(FillReason reason) {
  switch (reason) {
    case FillReason::signal: return "signal";
    case FillReason::rest_of_position: return "rest of position";
    case FillReason::limit: return "limit";
    case FillReason::stop_loss: return "stop loss";
    case FillReason::take_profit: return "take profit";
    case FillReason::trailing_stop: return "trailing stop";
    case FillReason::drawdown: return "drawdown";
  }
  invariant_failed("unknown fill reason");
}

std::string_view text_of(OrderEnd end) {
  switch (end) {
    case OrderEnd::filled: return "filled";
    case OrderEnd::partly_filled: return "partly filled";
    case OrderEnd::replaced: return "replaced";
    case OrderEnd::cancelled: return "cancelled";
    case OrderEnd::below_minimum: return "below minimum";
    case OrderEnd::no_liquidity: return "no liquidity";
    case OrderEnd::would_take: return "would take";
    case OrderEnd::beyond_numbers: return "beyond numbers";
  }
  invariant_failed("unknown end of an order");
}

}  // namespace candled
