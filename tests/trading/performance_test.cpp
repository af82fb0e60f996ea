// Statistics against numbers worked out by hand.
#include "candled/trading/performance.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "trading/desk.hpp"
#include "trading/return_statistics.hpp"

namespace candled::trading::testing {
namespace {

// Equity as cash, no position; one point each step.
Performance of_equity(const std::vector<double>& equity, Duration step) {
  Performance performance;
  Timestamp time = Timestamp{} + Duration::days(20'000);
  for (const double value : equity) {
    const Money money = Money::from_units(std::llround(value * 1e8));
    performance.on_equity(
        {.strategy = {}, .time = time, .cash = money, .position = {}, .price = price("100"), .equity = money});
    time = time + step;
  }
  return performance;
}

Fill fill(Side side, const char* amount, const char* at_price, const char* fee, double seconds) {
  return {.time = at(seconds),
          .decided_on = {},
          .quantity = amount_of(amount),
          .price = price(at_price),
          .fee = money(fee),
          .number = 1,
          .strategy = {},
          .side = side,
          .reason = FillReason::signal};
}

TEST_CASE("returns, volatility and ratios of four minutes") {
  // Returns +0.1, -0.1, +0.2: mean 1/15, deviations 1/30, -1/6, 2/15.
  const PerformanceReport report = of_equity({100, 110, 99, 118.8}, Duration::minutes(1)).report();
  CHECK(report.total_return == Approx(0.188));
  CHECK(report.samples == 3);
  CHECK(report.sample == Duration::minutes(1));
  const double deviation = std::sqrt((1.0 / 900 + 1.0 / 36 + 4.0 / 225) / 2), a_year = std::sqrt(525'960.0);
  CHECK(report.volatility == Approx(deviation * a_year));
  CHECK(report.sharpe == Approx(1.0 / 15 / deviation * a_year));
  CHECK(report.sortino == Approx(1.0 / 15 / std::sqrt(0.01 / 3) * a_year));
  CHECK(std::isnan(report.annualised_return));  // three minutes
  CHECK(std::isnan(report.sharpe_interval.low));
  CHECK(report.maximum_drawdown == Approx(0.1));
  CHECK(report.maximum_drawdown_length == Duration::minutes(2));
}

TEST_CASE("the drawdown and its length, until the peak is back or the end") {
  const auto check = [](std::vector<double> equity, double depth, int minutes, int longest) {
    const PerformanceReport report = of_equity(equity, Duration::minutes(1)).report();
    CAPTURE(equity);
    CHECK(report.maximum_drawdown == Approx(depth));
    CHECK(report.maximum_drawdown_length == Duration::minutes(minutes));
    CHECK(report.longest_drawdown == Duration::minutes(longest));
  };
  check({100, 101, 102}, 0, 0, 0);
  check({100, 50, 100, 120}, 0.5, 2, 2);
  check({100, 50, 40}, 0.6, 2, 2);                    // not back at the end
  check({100, 90, 95, 99, 100, 70, 100}, 0.3, 2, 4);  // the deepest is not the longest
  check({100, 80, 100, 100, 95, 96, 97, 98}, 0.2, 2, 4);
  check({100, 80, 90, 100, 80, 100}, 0.2, 2, 3);  // equally deep: the later
}

TEST_CASE("samples are candles, then hours, then days; annual figures follow") {
  // Grows 1 % each day, in equal steps an hour.
  std::vector<double> equity{1000};
  for (int i = 0; i < 24 * 100; ++i) equity.push_back(equity.back() * std::pow(1.01, 1.0 / 24));
  const auto first = [&](std::size_t points) {
    return of_equity({equity.begin(), equity.begin() + static_cast<std::ptrdiff_t>(points)}, Duration::hours(1))
        .report();
  };
  CHECK(first(30).sample == Duration::hours(1));
  CHECK(first(24 * 50).sample == Duration::hours(1));
  CHECK(first(24 * 50).samples == 24 * 50 - 1);
  const PerformanceReport days = first(24 * 100 + 1);
  CHECK(days.sample == Duration::days(1));
  CHECK(days.samples == 100);
  CHECK(days.total_return == Approx(std::pow(1.01, 100) - 1));
  CHECK(days.annualised_return == Approx(std::pow(1.01, 365.25) - 1));
  CHECK(days.volatility == Approx(0).margin(1e-6));

  // A long run of seconds stays small: some candles each.
  const Performance seconds = of_equity(std::vector<double>(10'000, 5.0), Duration::seconds(1));
  CHECK(seconds.returns().size() == 2'499);
  CHECK(seconds.report().sample == Duration::seconds(4));
  CHECK(std::isnan(seconds.report().sharpe));  // nothing varies
}

TEST_CASE("trades: every sale against the average cost, fees of both sides counted") {
  Performance performance;
  performance.on_fill(fill(Side::buy, "1", "100", "1", 0));
  performance.on_fill(fill(Side::buy, "1", "120", "1", 60));        // cost 222 for 2, bought at 30 s
  performance.on_fill(fill(Side::sell, "0.5", "140", "0.5", 90));   // 69.5 - 55.5 = +14
  performance.on_fill(fill(Side::sell, "1.5", "100", "1.5", 130));  // 148.5 - 166.5 = -18
  performance.on_equity({.strategy = {},
                         .time = at(200),
                         .cash = money("1000"),
                         .position = {},
                         .price = price("100"),
                         .equity = money("1000")});
  performance.on_equity({.strategy = {},
                         .time = at(260),
                         .cash = money("400"),
                         .position = amount_of("6"),
                         .price = price("150"),
                         .equity = money("1300")});
  const PerformanceReport report = performance.report();
  CHECK(report.fills == 4);
  CHECK(report.trades == 2);
  CHECK(report.win_rate == Approx(0.5));
  CHECK(report.profit_factor == Approx(14.0 / 18));
  CHECK(report.best_trade == Approx(14 / 55.5));
  CHECK(report.worst_trade == Approx(-18 / 166.5));
  CHECK(report.average_trade_seconds == Approx((60 * 0.5 + 100 * 1.5) / 2));
  CHECK(report.average_trade_value == Approx((70 + 150) / 2.0));
  CHECK(report.fees == Approx(4));
  CHECK(report.turnover == Approx((100 + 120 + 70 + 150) / 1150.0));
  CHECK(report.exposure == Approx(900.0 / 1300 / 2));
  CHECK(report.time_in_market == Approx(0.5));
  CHECK(report.market_return == Approx(0.5));
}

TEST_CASE("nothing known is NaN, not zero, and nothing is divided by") {
  const PerformanceReport none = Performance().report();
  for (const double value : {none.total_return, none.sharpe, none.win_rate, none.exposure, none.best_trade})
    CHECK(std::isnan(value));
  CHECK(Performance().returns().empty());
  const PerformanceReport broke = of_equity({100, 0, 0, 5}, Duration::minutes(1)).report();
  CHECK(broke.maximum_drawdown == Approx(1));
  CHECK(std::isfinite(broke.volatility));
}

TEST_CASE("the bootstrap's interval covers the truth about as often as it says") {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0.0005, 0.01);
  int covered = 0, outside_sharpe = 0;
  const int trials = 200;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> returns(500);
    for (double& value : returns) value = normal(random);
    const ReturnIntervals intervals = bootstrap(returns, 365.25, 1);
    // The log of the total is normal around n * (mean - variance / 2).
    const double truth = std::expm1(500 * (0.0005 - 0.00005));
    if (intervals.total_return.low <= truth && truth <= intervals.total_return.high) ++covered;
    const double sharpe = 0.05 * std::sqrt(365.25);
    if (sharpe < intervals.sharpe.low || sharpe > intervals.sharpe.high) ++outside_sharpe;
    const ReturnIntervals again = bootstrap(returns, 365.25, 1);
    REQUIRE(again.sharpe.low == intervals.sharpe.low);
  }
  CHECK(covered > trials * 0.88);
  CHECK(covered < trials);
  CHECK(outside_sharpe < trials * 0.12);
}

}  // namespace
}  // namespace candled::trading::testing
