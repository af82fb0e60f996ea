// Nanoseconds per candle of the trading room: five strategies and both benchmarks with fees, with and without statistics; per
// trade with working orders; and of the bootstrap.
// Usage: trading_bench [CANDLES]; prints the best of five rounds.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "candled/trading/paper_trading.hpp"
#include "candled/trading/performance.hpp"
#include "candled/trading/strategy.hpp"
#include "trading/return_statistics.hpp"

namespace candled::trading {
namespace {

std::vector<StrategySettings> seven_strategies() {
  std::vector<StrategySettings> strategies{
      {"d", "dynamic"},
      {"b", "balanced"},
      {"u", "ultra_aggressive"},
      {"t", "threshold"},
      {"v", "vote_hold", {}, {}, {{"stop_loss", 0.05}, {"maximum_drawdown", 0.5}}}};
  return with_benchmarks(std::move(strategies)).value();
}

std::vector<CandleReport> reports(std::size_t count) {
  std::vector<CandleReport> all;
  std::uint64_t state = 1;
  std::int64_t price = 50'000 * Price::scale;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    price += price / 2'000 * (static_cast<std::int64_t>(state >> 40) % 3 - 1);
    CandleReport& report = all.emplace_back();
    report.candle.open_time = Timestamp{} + Duration::minutes(static_cast<std::int64_t>(i));
    report.candle.close = report.candle.low = Price::from_units(price);
    report.end = report.closed = report.candle.open_time + Duration::minutes(1);
    report.decision_time = report.end + Duration::seconds(1);
    report.prediction =
        Prediction{0.3 + 0.4 * static_cast<double>(state >> 32) / 4294967296.0, Duration::minutes(5), {}, {}};
  }
  return all;
}

// Time that this thread had a processor, so that other work on the machine counts less.
double processor_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <class Round>
void measure(const char* name, std::size_t things, Round round) {
  double best_ns = 1e300;
  double kept = 0;
  for (int i = 0; i < 5; ++i) {
    const double start_ns = processor_ns();
    kept += round();
    best_ns = std::min(best_ns, (processor_ns() - start_ns) / static_cast<double>(things));
  }
  std::printf("%-46s %9.1f ns   (checksum %.6g)\n", name, best_ns, kept);
}

double trade_all(const std::vector<CandleReport>& tape, Duration latency, bool with_statistics) {
  PaperSettings settings;
  settings.latency = latency;
  PaperTrading trading(settings, seven_strategies(), Duration::minutes(1));
  std::vector<Performance> performances(7);
  std::vector<Fill> fills;
  CandleReport report;
  Trade trade;
  trade.quantity = Quantity::from_units(Quantity::scale);
  std::size_t count = 0;
  for (const CandleReport& each : tape) {
    report.candle = each.candle;
    report.end = each.end, report.closed = each.closed, report.decision_time = each.decision_time;
    report.prediction = each.prediction;
    report.equity.clear(), report.orders.clear();
    fills.clear();
    trading.on_candle(report, fills);
    if (latency > Duration{}) {
      trade.time = each.decision_time + latency;
      trade.price = each.candle.close;
      trading.on_trade(trade, fills);
    }
    count += fills.size();
    if (!with_statistics) continue;
    for (const Fill& fill : fills) performances[index_of(fill.strategy)].on_fill(fill);
    for (const EquityPoint& point : report.equity) performances[index_of(point.strategy)].on_equity(point);
  }
  double sum = static_cast<double>(count);
  if (with_statistics) {
    for (const Performance& performance : performances) sum += performance.report().total_return;
  }
  return sum;
}

int run(std::size_t candles) {
  const std::vector<CandleReport> tape = reports(candles);
  measure("7 accounts a candle, filled at the close", candles, [&] { return trade_all(tape, {}, false); });
  measure("7 accounts a candle, latency 250 ms, one trade", candles,
          [&] { return trade_all(tape, Duration::milliseconds(250), false); });
  measure("the same with statistics and bootstrap", candles,
          [&] { return trade_all(tape, Duration::milliseconds(250), true); });
  std::vector<double> returns(8'760);
  for (std::size_t i = 0; i < returns.size(); ++i) returns[i] = (static_cast<double>(i * 7919 % 1000) - 499) * 1e-5;
  measure("bootstrap of a year of hours, whole", 1, [&] { return bootstrap(returns, 8'766, 1).sharpe.low; });
  return 0;
}

}  // namespace
}  // namespace candled::trading

int main(int argc, char** argv) {
  const int candles = argc > 1 ? std::atoi(argv[1]) : 525'600;
  return candles > 1 ? candled::trading::run(static_cast<std::size_t>(candles)) : 2;
}
