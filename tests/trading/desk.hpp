// Desk: drives PaperTrading through short scenarios, and shows what it did as text.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "candled/trading/paper_trading.hpp"
#include "candled/trading/strategy.hpp"

namespace candled::trading::testing {

inline Timestamp at(double seconds) { return {static_cast<std::int64_t>(seconds * 1e9)}; }
inline Money money(std::string_view text) { return Money::parse(text).value(); }
inline Price price(std::string_view text) { return Price::parse(text).value(); }
inline Quantity quantity(std::string_view text) { return Quantity::parse(text).value(); }
inline Amount amount_of(std::string_view text) { return Amount::parse(text).value(); }

inline Prediction prediction(double probability) {
  return {.probability_up = probability, .horizon = Duration::minutes(5), .signal = {}, .model = "20240101_000000"};
}

// No fee, spread, slippage, latency or minimum: the plain rules.
inline PaperSettings free_of_charge() {
  PaperSettings settings;
  settings.costs = {.fee = {}, .half_spread = {}, .slippage = {}, .minimum_order = {}, .maker_fee = {}};
  settings.latency = {};
  return settings;
}

// "buy 0.5 @ 100 fee 0 at 61" and " rest" where the rest of the position was sold.
inline std::string fill_text(const Fill& fill) {
  return fmt::format("{} {} @ {} fee {} at {}{}", fill.side == Side::buy ? "buy" : "sell", fill.quantity.to_text(),
                     fill.price.to_text(), fill.fee.to_text(), decimal_text(fill.time.ns, 9),
                     fill.reason == FillReason::rest_of_position ? " rest"
                     : fill.reason == FillReason::signal         ? ""
                                                                 : fmt::format(" {}", text_of(fill.reason)));
}

// The standard numbers of a kind, in the order of its list.
inline std::vector<double> standard_parameters(const StrategyKind& kind) {
  std::vector<double> values;
  for (const ParameterInfo& info : kind.parameters) values.push_back(info.standard);
  return values;
}

struct CandleInput {
  std::int64_t minute = 0;  // of the candle's open time
  const char* close = "100";
  double probability = -1;  // below 0: no prediction
  CandleState state = CandleState::traded;
  double closed_late_s = 1;   // when it was closed, seconds after its end
  const char* low = nullptr;  // null: the close
  std::optional<BookFacts> book = {};
};

class Desk {
 public:
  explicit Desk(const PaperSettings& settings,
                const std::vector<StrategySettings>& strategies = {{"only", "ultra_aggressive", {}}})
      : trading(settings, strategies, Duration::minutes(1)) {}

  // Each returns the fills that it brought, separated by "; ".
  std::string candle(const CandleInput& input) {
    report = {};
    report.candle.open_time = Timestamp{} + Duration::minutes(input.minute);
    report.candle.close = price(input.close);
    report.candle.low = price(input.low != nullptr ? input.low : input.close);
    report.book = input.book;
    report.candle.state = input.state;
    report.end = report.candle.open_time + Duration::minutes(1);
    report.decision_time = report.end + Duration::seconds(1);
    report.closed = report.end + Duration::milliseconds(static_cast<std::int64_t>(input.closed_late_s * 1000));
    if (input.probability >= 0) report.prediction = prediction(input.probability);
    fills.clear();
    trading.on_candle(report, fills);
    return text();
  }
  std::string trade(double seconds, const char* at_price, bool late = false, const char* amount = "1000") {
    Trade trade;
    trade.time = at(seconds);
    trade.price = price(at_price);
    trade.quantity = quantity(amount);
    trade.late = late;
    fills.clear();
    trading.on_trade(trade, fills);
    return text();
  }
  std::string text() const {
    std::string all;
    for (const Fill& fill : fills) all += (all.empty() ? "" : "; ") + fill_text(fill);
    return all;
  }
  // "1 buy market filled; 2 sell limit would take" of the orders that ended with the last candle.
  std::string orders() const {
    std::string all;
    for (const OrderRecord& order : report.orders) {
      all +=
          fmt::format("{}{} {} {} {}", all.empty() ? "" : "; ", order.number, order.side == Side::buy ? "buy" : "sell",
                      order.limit.is_positive() ? order.limit.to_text() : "market", text_of(order.end));
    }
    return all;
  }
  std::string account(std::size_t index = 0) const {
    const PaperAccount& account = trading.accounts()[index];
    return account.cash().to_text() + " + " + account.position().to_text();
  }

  PaperTrading trading;
  CandleReport report;  // of the last candle
  std::vector<Fill> fills;
};

}  // namespace candled::trading::testing
