#include "candled/trading/performance.hpp"

#include <algorithm>
#include <cmath>

#include "trading/return_statistics.hpp"

namespace candled::trading {
namespace {

constexpr Duration hour = Duration::hours(1);
constexpr Duration day = Duration::days(1);
constexpr double year_s = 365.25 * 86'400;
constexpr std::size_t early_points_max = 2'881;  // two days of minutes and their start
constexpr std::size_t hourly_samples_min = 48;   // fewer: candles
constexpr std::size_t daily_samples_min = 60;

double seconds(Duration duration) { return static_cast<double>(duration.ns) / 1e9; }
double ratio(double part, double whole) { return whole != 0 ? part / whole : not_known; }

std::vector<double> returns_of(const std::vector<double>& equity) {
  std::vector<double> returns;
  for (std::size_t i = 1; i < equity.size(); ++i)
    returns.push_back(equity[i - 1] > 0 ? equity[i] / equity[i - 1] - 1 : 0);
  return returns;
}

}  // namespace

double return_over(const PerformanceReport& strategy, const PerformanceReport& benchmark) {
  return strategy.total_return - benchmark.total_return;
}

void Performance::on_fill(const Fill& fill) {
  const double value = notional(fill.price, fill.quantity).to_double();
  const double fee = fill.fee.to_double(), quantity = fill.quantity.to_double();
  if (!first_fill_) first_fill_ = fill.time;
  ++fills_;
  traded_value_ += value;
  fees_ += fee;
  if (fill.side == Side::sell) return sell(fill, value, fee);
  const double at_s = seconds(fill.time - *first_fill_);
  bought_at_s_ += (at_s - bought_at_s_) * quantity / (position_ + quantity);
  position_ += quantity;
  cost_ += value + fee;
}

void Performance::sell(const Fill& fill, double value, double fee) {
  const double quantity = fill.quantity.to_double();
  const double part = position_ > 0 ? std::min(quantity / position_, 1.0) : 1.0;
  const double cost = cost_ * part;
  const double gain = value - fee - cost;
  ++sales_;
  if (gain > 0) ++wins_;
  (gain > 0 ? gains_ : losses_) += std::abs(gain);
  held_s_ += (seconds(fill.time - *first_fill_) - bought_at_s_) * quantity;
  sold_ += quantity;
  sold_value_ += value;
  const double made = ratio(gain, cost);
  best_ = std::fmax(best_, made);  // fmax and fmin leave out what is not known
  worst_ = std::fmin(worst_, made);
  position_ -= quantity;
  cost_ -= cost;
  if (position_ < 0.5e-8) position_ = cost_ = 0;  // less than the smallest unit: the rounding of doubles
}

void Performance::on_equity(const EquityPoint& point) {
  const double equity = point.equity.to_double(), price = point.price.to_double();
  if (points_ == 0) {
    first_time_ = point.time;
    first_equity_ = equity, first_price_ = price;
  }
  if (points_ == 1) interval_ = point.time - first_time_;
  keep(point, equity);
  ++points_;
  last_time_ = point.time;
  last_equity_ = equity, last_price_ = price;
  equity_sum_ += equity;
  exposure_sum_ += equity > 0 ? 1 - point.cash.to_double() / equity : 0;
  if (point.position.is_positive()) ++points_with_position_;
  track_drawdown(point, equity);
}

void Performance::keep(const EquityPoint& point, double equity) {
  if (points_ % stride_ == 0) early_.push_back(equity);
  if (early_.size() > early_points_max) {
    for (std::size_t i = 0; 2 * i < early_.size(); ++i) early_[i] = early_[2 * i];
    early_.resize((early_.size() + 1) / 2);
    stride_ *= 2;
  }
  // The point at the end of a candle that ends on the hour closes that hour.
  const Timestamp in_hour = floor_to(point.time - Duration::nanoseconds(1), hour);
  if (hourly_.size() < 2 || in_hour != hour_) {
    hourly_.push_back(equity);  // the first stands for the start, the others for the ends of the hours
  } else {
    hourly_.back() = equity;
  }
  hour_ = in_hour;
}

void Performance::track_drawdown(const EquityPoint& point, double equity) {
  if (points_ == 1 || equity >= peak_) {
    if (deepest_here_ > 0) {  // back where it fell from
      const Duration length = point.time - peak_time_;
      longest_ = std::max(longest_, length);
      if (deepest_here_ >= deepest_) deepest_length_ = length;
    }
    peak_ = equity, peak_time_ = point.time, deepest_here_ = 0;
    return;
  }
  deepest_here_ = std::max(deepest_here_, 1 - equity / peak_);
  longest_ = std::max(longest_, point.time - peak_time_);
  if (deepest_here_ >= deepest_) {
    deepest_ = deepest_here_;
    deepest_length_ = point.time - peak_time_;
  }
}

Performance::Sampled Performance::sampled() const {
  if (hourly_.size() <= hourly_samples_min) return {interval_ * static_cast<std::int64_t>(stride_), early_};
  if (hourly_.size() / 24 < daily_samples_min) return {hour, hourly_};
  std::vector<double> daily;
  for (std::size_t i = 0; i < hourly_.size(); i += 24) daily.push_back(hourly_[i]);
  return {day, std::move(daily)};
}

std::vector<double> Performance::returns() const { return returns_of(sampled().equity); }

PerformanceReport Performance::report(std::uint64_t seed) const {
  PerformanceReport report;
  report.from = first_time_, report.to = last_time_;
  report.fills = fills_, report.trades = sales_, report.fees = fees_;
  if (sales_ > 0) {
    report.win_rate = static_cast<double>(wins_) / static_cast<double>(sales_);
    report.profit_factor = losses_ > 0  ? gains_ / losses_
                           : gains_ > 0 ? std::numeric_limits<double>::infinity()
                                        : not_known;
    report.average_trade_seconds = held_s_ / sold_;
    report.average_trade_value = sold_value_ / static_cast<double>(sales_);
    report.best_trade = best_, report.worst_trade = worst_;
  }
  if (points_ == 0) return report;
  const auto points = static_cast<double>(points_);
  report.first_equity = first_equity_, report.last_equity = last_equity_;
  report.total_return = ratio(last_equity_, first_equity_) - 1;
  report.market_return = ratio(last_price_, first_price_) - 1;
  const double years = seconds(last_time_ - first_time_) / year_s;
  if (last_time_ - first_time_ >= day) report.annualised_return = std::pow(1 + report.total_return, 1 / years) - 1;
  report.maximum_drawdown = deepest_;
  report.maximum_drawdown_length = deepest_length_;
  report.longest_drawdown = longest_;
  report.calmar = ratio(report.annualised_return, deepest_);
  report.exposure = exposure_sum_ / points;
  report.time_in_market = static_cast<double>(points_with_position_) / points;
  report.turnover = ratio(traded_value_, equity_sum_ / points);

  const Sampled series = sampled();
  const std::vector<double> returns = returns_of(series.equity);
  report.sample = series.sample;
  report.samples = returns.size();
  if (returns.empty() || series.sample <= Duration{}) return report;
  const double a_year = year_s / seconds(series.sample);
  const ReturnMoments moments = moments_of(returns);
  report.volatility = moments.deviation * std::sqrt(a_year);
  report.sharpe = sharpe_of(returns, a_year);
  report.sortino = moments.downside > 0 ? moments.mean / moments.downside * std::sqrt(a_year) : not_known;
  const ReturnIntervals intervals = bootstrap(returns, a_year, seed);
  report.total_return_interval = intervals.total_return;
  report.sharpe_interval = intervals.sharpe;
  return report;
}

}  // namespace candled::trading
