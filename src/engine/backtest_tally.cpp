#include <chrono>
#include <utility>

#include "candled/engine/backtest_result.hpp"
#include "engine/prediction_tally.hpp"

namespace candled::engine {
namespace {

constexpr Duration short_run_max = Duration::days(2);

Timestamp month_of(Timestamp time) {
  namespace chrono = std::chrono;
  const chrono::sys_days day{chrono::days{floor_to(time, Duration::days(1)).ns / Duration::days(1).ns}};
  const chrono::year_month_day date{day};
  const chrono::sys_days first{date.year() / date.month() / chrono::day{1}};
  return Timestamp{} + Duration::days(first.time_since_epoch().count());
}

// One strategy's points and fills as they come.
class Account {
 public:
  Account(const trading::StrategySettings& strategy, Duration step) : step_(step) {
    result_.name = strategy.name;
    result_.kind = strategy.kind;
  }

  void on_fill(const Fill& fill, bool keep) {
    performance_.on_fill(fill);
    if (keep) result_.fills.push_back(fill);
  }
  void on_equity(const EquityPoint& point) {
    performance_.on_equity(point);
    keep(point);
    const double equity = point.equity.to_double();
    if (!last_month_end_) last_month_end_ = equity;
    if (equity <= 0) return;
    const Timestamp within = point.time - Duration{1};
    if (within >= month_end_) {
      if (!result_.months.empty()) last_month_end_ = last_equity_;
      const Timestamp month = month_of(within);
      month_end_ = month_of(month + Duration::days(32));
      result_.months.push_back({month, 0});
    }
    result_.months.back().value = equity / *last_month_end_ - 1;
    last_equity_ = equity;
  }
  void on_order(const OrderRecord& order) {
    ++result_.orders;
    if (is_rejection(order.end)) ++result_.rejected;
  }

  StrategyResult result() {
    if (pending_) result_.equity.push_back(*pending_);
    result_.performance = performance_.report();
    result_.returns = performance_.returns();
    return std::move(result_);
  }

 private:
  // The last point of each step, and the first of all.
  void keep(const EquityPoint& point) {
    if (result_.equity.empty()) {
      result_.equity.push_back(point);
    } else if (floor_to(point.time, step_) == point.time) {
      result_.equity.push_back(point);
      pending_.reset();
    } else {
      if (pending_ && floor_to(pending_->time, step_) != floor_to(point.time, step_))
        result_.equity.push_back(*pending_);
      pending_ = point;
    }
  }

  const Duration step_;
  StrategyResult result_;
  trading::Performance performance_;
  std::optional<EquityPoint> pending_;
  std::optional<double> last_month_end_;
  double last_equity_ = 0;
  Timestamp month_end_{INT64_MIN};
};

}  // namespace

double BacktestResult::gap_share() const {
  const std::int64_t all = candles() + missing;
  return all > 0 ? static_cast<double>(gaps + missing) / static_cast<double>(all) : 0;
}

class BacktestTally::Implementation {
 public:
  Implementation(const std::vector<trading::StrategySettings>& strategies, Timestamp from, Timestamp to,
                 Duration interval)
      : expected((to - from) / interval),
        step(to - from <= short_run_max ? interval : std::max(interval, Duration::hours(1))),
        predictions(interval) {
    for (const trading::StrategySettings& strategy : strategies) accounts.emplace_back(strategy, step);
  }

  const std::int64_t expected;
  const Duration step;
  std::vector<Account> accounts;
  PredictionTally predictions;
  BacktestResult counts;
  std::int64_t fills = 0;
};

BacktestTally::BacktestTally(const std::vector<trading::StrategySettings>& strategies, Timestamp from, Timestamp to,
                             Duration interval)
    : implementation_(std::make_unique<Implementation>(strategies, from, to, interval)) {}
BacktestTally::~BacktestTally() = default;

void BacktestTally::see(const Event& event) {
  Implementation& self = *implementation_;
  if (event.kind() == EventKind::fill) {
    self.accounts[index_of(event.fill().strategy)].on_fill(event.fill(), self.fills++ < fills_kept_max);
    return;
  }
  if (event.kind() != EventKind::candle) return;
  const CandleReport& report = event.report();
  const CandleState state = report.candle.state;
  ++(state == CandleState::traded  ? self.counts.traded
     : state == CandleState::quiet ? self.counts.quiet
                                   : self.counts.gaps);
  self.predictions.see(report);
  for (const OrderRecord& order : report.orders) self.accounts[index_of(order.strategy)].on_order(order);
  for (const EquityPoint& point : report.equity) self.accounts[index_of(point.strategy)].on_equity(point);
}

BacktestResult BacktestTally::result() {
  Implementation& self = *implementation_;
  BacktestResult result = std::move(self.counts);
  result.missing = std::max<std::int64_t>(0, self.expected - result.candles());
  result.equity_step = self.step;
  result.predictions = self.predictions.score();
  result.fills_left_out = std::max<std::int64_t>(0, self.fills - fills_kept_max);
  for (Account& account : self.accounts) result.strategies.push_back(account.result());
  return result;
}

}  // namespace candled::engine
