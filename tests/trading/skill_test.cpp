// What a strategy knows must show, and what it costs must show: one that knows the future gets rich, one that trades at random
// loses what its trades cost.
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "candled/trading/performance.hpp"
#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

struct Outcome {
  PerformanceReport report;
  double expected_return =
      0;  // by hand: every fill takes its fee and half-spread out of the equity, the market gives nothing
};

// A random walk of minutes without drift, of this standard deviation a minute; `predict` gets the next close before it is there.
template <class Predict>
Outcome run(unsigned seed, int minutes, double deviation, const PaperSettings& settings, Predict predict) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> move(0, deviation);
  std::vector<double> closes{100};
  for (int i = 0; i < minutes; ++i) closes.push_back(closes.back() * (1 + move(random)));
  PaperTrading trading(settings, std::vector<StrategySettings>{{"u", "ultra_aggressive", {}}}, Duration::minutes(1));
  Performance performance;
  std::vector<Fill> fills;
  Outcome outcome;
  double kept = 1, equity = settings.starting_balance.to_double();
  for (int i = 0; i < minutes; ++i) {
    const auto now = static_cast<std::size_t>(i);
    CandleReport report;
    report.candle.open_time = Timestamp{} + Duration::minutes(i);
    report.candle.close = report.candle.low = Price::from_units(std::llround(closes[now] * 1e10));
    report.end = report.closed = report.candle.open_time + Duration::minutes(1);
    report.decision_time = report.end + Duration::seconds(1);
    report.prediction = prediction(predict(closes[now], closes[now + 1]));
    trading.on_candle(report, fills);
    for (const Fill& fill : fills) {
      performance.on_fill(fill);
      const double mid = report.candle.close.to_double(), amount = fill.quantity.to_double();
      kept *= 1 - (fill.fee.to_double() + std::abs(fill.price.to_double() - mid) * amount) / equity;
    }
    fills.clear();
    for (const EquityPoint& point : report.equity) {
      performance.on_equity(point);
      equity = point.equity.to_double();
    }
  }
  outcome.report = performance.report();
  outcome.expected_return = kept - 1;
  return outcome;
}

PaperSettings with_costs(double fee_bps, double half_spread_bps) {
  PaperSettings settings = free_of_charge();
  settings.costs.fee = Fraction::from_basis_points(fee_bps).value();
  settings.costs.half_spread = Fraction::from_basis_points(half_spread_bps).value();
  return settings;
}

TEST_CASE("a strategy that knows the future gets rich") {
  const Outcome knows =
      run(7, 3 * 1'440, 0.001, with_costs(2, 0), [](double now, double next) { return next > now ? 0.99 : 0.01; });
  INFO("return " << knows.report.total_return);
  CHECK(knows.report.total_return > 0.3);
  CHECK(knows.report.sharpe_interval.low > 10);
  CHECK(knows.report.total_return > knows.report.market_return + 0.3);
}

TEST_CASE("one that trades at random loses its costs, as computed by hand, within the bootstrap interval") {
  int inside = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 coin(seed + 100);
    const Outcome random =
        run(seed, 4 * 1'440, 0.0003, with_costs(1, 0.5), [&](double, double) { return coin() % 2 == 0 ? 0.7 : 0.3; });
    const PerformanceReport& report = random.report;
    INFO("return " << report.total_return << ", by hand " << random.expected_return << ", interval "
                   << report.total_return_interval.low << " to " << report.total_return_interval.high);
    if (report.total_return_interval.low <= random.expected_return &&
        random.expected_return <= report.total_return_interval.high)
      ++inside;
    CHECK(random.expected_return < -0.1);
    CHECK(std::abs(report.total_return - random.expected_return) <
          0.08);                                   // the walk itself moves half a position by 0.013
    CHECK(report.total_return_interval.high < 0);  // surely a loss
    CHECK(report.fees > 0);
  }
  CHECK(inside >= 52);  // of 60, where 95 % are 57
  CHECK(inside < 60);
}

TEST_CASE("without costs the same random strategy loses nothing on average") {
  double sum = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 coin(seed + 100);
    sum += run(seed, 1'440, 0.001, with_costs(0, 0), [&](double, double) {
             return coin() % 2 == 0 ? 0.7 : 0.3;
           }).report.total_return;
  }
  CHECK(std::abs(sum / 20) < 0.02);  // one day moves about 0.02 with half a position: a standard error of 0.005
}

}  // namespace
}  // namespace candled::trading::testing
