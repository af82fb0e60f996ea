#include "candled/trading/paper_trading.hpp"

#include <cstddef>

namespace candled::trading {
namespace {

constexpr std::uint32_t state_version = 1;

bool can_decide_on(const CandleReport& report) {
  if (report.stale || report.candle.state == CandleState::gap || !report.prediction) return false;
  const double p = report.prediction->probability_up;
  return p >= 0 && p <= 1 && report.candle.close.units() > 0;  // false for NaN too
}

}  // namespace

Result<void> check_settings(const PaperSettings& settings) {
  if (settings.starting_balance.units() <= 0) return refuse("starting_balance is not positive");
  if (settings.latency < Duration{}) return refuse("latency is negative");
  if (settings.stale_after < Duration{}) return refuse("stale_after is negative");
  if (settings.costs.minimum_order < Money{}) return refuse("minimum_order is negative");
  return {};
}

PaperTrading::PaperTrading(const PaperSettings& settings, std::span<const StrategySettings> strategies,
                           Duration interval)
    : settings_(settings) {
  if (!check_settings(settings)) invariant_failed("paper settings were not checked");
  if (!check_strategies(strategies, interval)) invariant_failed("strategies were not checked");
  for (const StrategySettings& strategy : strategies) {
    const auto id = static_cast<StrategyId>(accounts_.size());
    accounts_.emplace_back(id, strategy.name, settings);
    const Duration every = strategy.decide_every == Duration{} ? interval : strategy.decide_every;
    rules_.push_back({find_strategy_kind(strategy.kind), every});
  }
}

void PaperTrading::on_candle(CandleReport& report, std::vector<Fill>& fills) {
  report.stale = report.closed - report.end > settings_.stale_after;
  if (report.candle.close.units() > 0) last_close_ = report.candle.close;
  if (can_decide_on(report)) {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (floor_to(report.end, rules_[i].decide_every) == report.end) decide(i, report, fills);
    }
  }
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    accounts_[i].check_ledger();
    if (last_close_.units() == 0) continue;
    const std::optional<Money> equity = accounts_[i].equity_at(last_close_);
    if (!equity) continue;
    report.equity.push_back({.strategy = static_cast<StrategyId>(i), .time = report.end, .cash = accounts_[i].cash(),
                             .position = accounts_[i].position(), .price = last_close_, .equity = *equity});
  }
}

void PaperTrading::decide(std::size_t index, const CandleReport& report, std::vector<Fill>& fills) {
  PaperAccount& account = accounts_[index];
  const double p = report.prediction->probability_up;
  const StrategyView view{.probability_up = p, .signal_up = p > 0.5, .cash = account.cash(),
                          .position = account.position(), .price = report.candle.close};
  const Timestamp active_from = report.decision_time + settings_.latency;
  account.replace_order(rules_[index].kind->decide(view), active_from, report.candle.open_time);
  if (settings_.latency > Duration{}) return;
  const std::optional<Fill> fill = account.execute(report.candle.close, report.decision_time);
  if (fill) fills.push_back(*fill);
}

void PaperTrading::on_trade(const Trade& trade, std::vector<Fill>& fills) {
  if (trade.late) return;
  for (PaperAccount& account : accounts_) {
    if (!account.working_order() || trade.time < account.working_order()->active_from) continue;
    if (const std::optional<Fill> fill = account.execute(trade.price, trade.time)) fills.push_back(*fill);
  }
}

void PaperTrading::on_hole() {
  for (PaperAccount& account : accounts_) account.cancel_order();
}

void PaperTrading::save(StateWriter& out) const {
  out(state_version);
  out(last_close_);
  out(accounts_.size());
  for (const PaperAccount& account : accounts_) {
    out(account.name());
    account.save(out);
  }
}

Result<void> PaperTrading::load(StateReader& in) {
  std::uint32_t version = 0;
  Price last_close;
  std::size_t count = 0;
  in(version), in(last_close), in(count);
  if (!in.ok() || version != state_version) return refuse("trading state is of another version or truncated");
  if (last_close.units() < 0) return refuse("trading state is damaged");
  std::vector<PaperAccount> loaded = accounts_;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name;
    in(name);
    PaperAccount saved({}, name, settings_);
    PaperAccount* account = &saved;  // of a strategy that is gone, unless it is found
    for (PaperAccount& candidate : loaded) {
      if (candidate.name() == name) account = &candidate;
    }
    if (Result<void> read = account->load(in); !read) return read;
  }
  accounts_ = std::move(loaded);
  last_close_ = last_close;
  return {};
}

}  // namespace candled::trading
