#include "trading/market_desk.hpp"

#include <algorithm>

#include "trading/deal.hpp"

namespace candled::trading {
namespace {

bool has_price(const CandleReport& report) {
  return report.candle.state != CandleState::gap && report.candle.close.is_positive();
}

bool has_probability(const CandleReport& report) {
  if (!report.prediction) return false;
  const double p = report.prediction->probability_up;
  return p >= 0 && p <= 1;  // false for NaN too
}

bool is_exit(FillReason reason) { return reason >= FillReason::stop_loss; }

void watch_drawdown(Fraction most, const AccountView& account, OptionsState& state) {
  if (most == Fraction{} || state.stopped_at > Fraction{}) return;
  const std::optional<Money> equity = account.equity();
  if (!equity) return;
  state.equity_peak = std::max(state.equity_peak, *equity);
  const Money bound = state.equity_peak - most.ceiling_of(state.equity_peak);
  if (*equity <= bound) state.stopped_at = most;
}

// What a purchase and its sale cost, as a fraction of the price.
double round_trip_cost(const TradingCosts& costs, bool limit_orders) {
  const auto part = [](Fraction f) { return static_cast<double>(f.units()) / static_cast<double>(Fraction::one); };
  return limit_orders ? 2 * part(costs.maker_fee)
                      : 2 * (part(costs.fee) + part(costs.half_spread) + part(costs.slippage));
}

Order order_of(const OrderIntent& intent, const StrategyOptions& options, const AccountView& account,
               Timestamp decided_on) {
  Order order{.spend = intent.spend,
              .quantity = {},
              .limit = {},
              .active_from = {},
              .decided_on = decided_on,
              .side = Side::buy,
              .reason = FillReason::signal};
  if (intent.kind == OrderIntent::Kind::sell) {
    order.side = Side::sell;
    order.quantity = Amount::from_units(intent.sell.nearest_of(account.position.units()));
  }
  if (options.limit_offset) {
    order.limit = price_away(account.price, *options.limit_offset, order.side == Side::sell)
                      .value_or(order.side == Side::sell ? account.price : Price{});
    order.reason = FillReason::limit;
  }
  return order;
}

Order sale_of_all(const AccountView& account, FillReason reason, Timestamp decided_on) {
  return {.spend = {},
          .quantity = account.position,
          .limit = {},
          .active_from = {},
          .decided_on = decided_on,
          .side = Side::sell,
          .reason = reason};
}

// Orders that can end between two candles: one that works, one that is replaced, one that a sequence gap or a pause cancels, and one at the close.
constexpr std::size_t ended_per_account_max = 4;

}  // namespace

MarketDesk::MarketDesk(const PaperSettings& given, std::span<const StrategySettings> strategies, Duration interval)
    : settings_(given), options_(strategies.size()), move_(interval) {
  if (!check_settings(settings_)) invariant_failed("paper settings were not checked");
  if (!check_strategies(strategies, interval)) invariant_failed("strategies were not checked");
  for (const StrategySettings& strategy : strategies) {
    const auto id = static_cast<StrategyId>(accounts_.size());
    accounts_.emplace_back(id, strategy.name, settings_);
    rules_.push_back(resolve(strategy, interval));
  }
  ended_.reserve(ended_max());
}

void MarketDesk::on_candle(CandleReport& report, std::vector<Fill>& fills) {
  report.stale = report.closed - report.end > settings_.stale_after;
  now_ = std::max(now_, report.decision_time);
  book_ = report.book ? BookView::of(*report.book) : BookView{};
  move_.on_close(has_price(report) ? report.candle.close : Price{});
  if (report.candle.close.is_positive()) last_close_ = last_price_ = report.candle.close;
  const std::size_t fills_before = fills.size();
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (has_price(report)) trade_on(i, report, {fills, ended_});
    accounts_[i].check_ledger();
  }
  remember_fills(fills, fills_before);
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (last_close_.is_positive()) mark(i, report);
  }
  report.orders.insert(report.orders.end(), ended_.begin(), ended_.end());
  ended_.clear();
}

// The options first, then the strategy, if it is its turn.
void MarketDesk::trade_on(std::size_t i, const CandleReport& report, PaperAccount::Record record) {
  const StrategyRule& rule = rules_[i];
  OptionsState& state = options_[i];
  const AccountView account = AccountView::of(accounts_[i], report.candle.close);
  const Timestamp decided_on = report.candle.open_time;
  watch_drawdown(rule.options.maximum_drawdown, account, state);
  const std::optional<FillReason> exit = forced_exit(rule.options, state, account, report.candle.low);
  const bool trails = rule.options.trailing_stop > Fraction{};
  state.price_peak = trails && account.holds ? std::max(state.price_peak, account.price) : Price{};
  if (report.stale) return;
  const auto& working = accounts_[i].working_order();
  const bool leaving = working && is_exit(working->reason);
  if (exit && leaving) return;
  if (exit) return place(i, sale_of_all(account, *exit, decided_on), report, record);
  if (state.stopped_at > Fraction{}) return accounts_[i].withdraw(OrderEnd::replaced, report.decision_time, record);
  const bool turn = floor_to(report.end, rule.decide_every) == report.end &&
                    (has_probability(report) || !rule.kind->needs_prediction);
  const bool rested = accounts_[i].fills() == 0 || report.decision_time - state.last_fill >= rule.cooldown;
  if (!turn || !rested || leaving) return;
  const OrderIntent intent = intent_of(rule, account, report);
  if (intent.kind == OrderIntent::Kind::nothing)
    return accounts_[i].withdraw(OrderEnd::replaced, report.decision_time, record);
  place(i, order_of(intent, rule.options, account, decided_on), report, record);
}

OrderIntent MarketDesk::intent_of(const StrategyRule& rule, const AccountView& account,
                                  const CandleReport& report) const {
  const bool predicted = has_probability(report);
  const double p = predicted ? report.prediction->probability_up : 0.5;
  const StrategyView view{.probability_up = p,
                          .signal_up = p > 0.5,
                          .cash = account.cash,
                          .position = account.position,
                          .price = account.price,
                          .holds = account.holds};
  const std::optional<double> expected = predicted ? move_.over(report.prediction->horizon, p) : std::nullopt;
  const double cost = round_trip_cost(settings_.costs, rule.options.limit_offset.has_value());
  const OrderIntent intent =
      within_options(rule.kind->decide(view, rule.parameters), rule.options, account, expected, cost);
  const bool expired = predicted && rule.kind->needs_prediction && report.prediction->expired;
  return (paused_ || expired) && intent.kind == OrderIntent::Kind::buy ? OrderIntent::nothing("nothing is opened now")
                                                                       : intent;
}

void MarketDesk::place(std::size_t i, const Order& order, const CandleReport& report, PaperAccount::Record record) {
  Order timed = order;
  timed.active_from = report.decision_time + settings_.latency;
  accounts_[i].place(timed, report.decision_time, record);
  if (settings_.latency == Duration{})
    accounts_[i].execute({report.decision_time, report.candle.close, book()}, record);
}

void MarketDesk::on_trade(const Trade& trade, std::vector<Fill>& fills) {
  if (trade.late) return;
  now_ = std::max(now_, trade.time);
  const std::size_t fills_before = fills.size();
  for (PaperAccount& account : accounts_) {
    if (account.working_order()) account.on_trade(trade, last_price_, book(), {fills, ended_});
  }
  last_price_ = trade.price;
  remember_fills(fills, fills_before);
}

void MarketDesk::remember_fills(const std::vector<Fill>& fills, std::size_t first) {
  for (std::size_t i = first; i < fills.size(); ++i) {
    OptionsState& state = options_[index_of(fills[i].strategy)];
    state.last_fill = fills[i].time;
    if (fills[i].side == Side::buy && !state.price_peak.is_positive()) state.price_peak = fills[i].price;
  }
}

void MarketDesk::mark(std::size_t i, CandleReport& report) const {
  const PaperAccount& account = accounts_[i];
  const std::optional<Money> equity = account.equity_at(last_close_);
  if (!equity) return;
  report.equity.push_back({.strategy = static_cast<StrategyId>(i),
                           .time = report.end,
                           .cash = account.cash(),
                           .position = account.position(),
                           .price = last_close_,
                           .equity = *equity});
}

std::size_t MarketDesk::ended_max() const { return ended_per_account_max * accounts_.size(); }

void MarketDesk::on_sequence_gap(Timestamp known_until) {
  std::vector<Fill> none;
  for (PaperAccount& account : accounts_) account.withdraw(OrderEnd::cancelled, known_until, {none, ended_});
}

void MarketDesk::pause(bool paused) {
  paused_ = paused;
  if (!paused) return;
  std::vector<Fill> none;
  for (PaperAccount& account : accounts_) {
    if (account.working_order() && account.working_order()->side == Side::buy)
      account.withdraw(OrderEnd::cancelled, now_, {none, ended_});
  }
}

}  // namespace candled::trading
