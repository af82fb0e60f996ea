// Backtests of candles without trades: where orders fill, what history in front of the period does, what a gap does; and what
// knowing the future is worth.
#include <catch2/catch.hpp>

#include "candled/engine/backtest_result.hpp"
#include "candled/engine/backtest_sweep.hpp"
#include "candled/features/feature_set.hpp"
#include "engine/made_history.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

const std::vector<trading::StrategySettings> all_in{
    {.name = "all", .kind = "threshold", .parameters = {{"enter", 0.6}, {"leave", 0.4}}}};

BacktestRequest request_of(EngineSettings settings, std::int64_t from_minute, std::int64_t to_minute,
                           std::vector<double> says) {
  BacktestRequest request;
  request.settings = std::move(settings);
  request.from = history_begin + Duration::minutes(from_minute);
  request.to = history_begin + Duration::minutes(to_minute);
  request.predictor = std::make_shared<ScriptedPredictor>(std::move(says));
  return request;
}

struct Seen {
  BacktestCounts counts;
  std::vector<Fill> fills;
  std::vector<CandleReport> candles;
  std::vector<OrderRecord> orders;
};

Seen run(const std::vector<Candle>& candles, const BacktestRequest& request) {
  MadeHistory source(candles);
  Seen seen;
  const Result<BacktestCounts> counts = run_backtest(source, request, [&](const Event& event) {
    if (event.kind() == EventKind::fill) seen.fills.push_back(event.fill());
    if (event.kind() == EventKind::candle) seen.candles.push_back(event.report());
  });
  REQUIRE(counts.has_value());
  seen.counts = *counts;
  for (const CandleReport& report : seen.candles)
    seen.orders.insert(seen.orders.end(), report.orders.begin(), report.orders.end());
  return seen;
}

BacktestResult tallied(const std::vector<Candle>& candles, const BacktestRequest& request) {
  MadeHistory source(candles);
  BacktestTally tally(request.settings.strategies, request.from, request.to, Duration::minutes(1));
  REQUIRE(run_backtest(source, request, [&](const Event& event) { tally.see(event); }).has_value());
  return tally.result();
}

}  // namespace

TEST_CASE("where only candles are known an order fills at the next candle's open") {
  const std::vector<Candle> candles{made_candle(0, 100, 101, 99, 100), made_candle(1, 103, 110, 95, 104),
                                    made_candle(2, 104, 105, 103, 104), made_candle(3, 107, 108, 106, 106),
                                    made_candle(4, 106, 107, 105, 106)};
  EngineSettings settings = settings_of(all_in);
  settings.paper.costs.half_spread = settings.paper.costs.slippage = trading::Fraction{};
  const Seen seen = run(candles, request_of(settings, 0, 5, {0.9, 0.5, 0.1, 0.5, 0.5}));
  CHECK(seen.counts.candles_only == 5);
  CHECK(seen.counts.candles_from_trades == 0);
  REQUIRE(seen.fills.size() == 2);
  CHECK(seen.fills[0].side == Side::buy);
  CHECK(seen.fills[0].price == price_of(103));
  CHECK(seen.fills[0].decided_on == candles[0].open_time);
  CHECK(seen.fills[1].side == Side::sell);
  CHECK(seen.fills[1].price == price_of(107));
}

TEST_CASE("with more latency than a candle is long an order waits for the one behind it") {
  std::vector<Candle> candles;
  for (int i = 0; i < 9; ++i) candles.push_back(made_candle(i, 100 + i, 101 + i, 99 + i, 100 + i));
  std::vector<trading::StrategySettings> strategies = all_in;
  strategies[0].decide_every = Duration::minutes(5);
  EngineSettings settings = settings_of(strategies);
  settings.paper.latency = Duration::seconds(60);
  settings.paper.costs.half_spread = settings.paper.costs.slippage = trading::Fraction{};
  const Seen seen = run(candles, request_of(settings, 0, 9, std::vector<double>(9, 0.9)));
  REQUIRE(seen.fills.size() == 1);
  CHECK(seen.fills[0].decided_on == candles[4].open_time);
  CHECK(seen.fills[0].price == price_of(106));
}

TEST_CASE("a limit order fills at its limit when the next candle's low went through it, and not when it only touched") {
  const double low = GENERATE(98.99, 99.00);
  const std::vector<Candle> candles{made_candle(0, 100, 101, 99, 100), made_candle(1, 100, 101, low, 100),
                                    made_candle(2, 100, 100, 100, 100)};
  std::vector<trading::StrategySettings> strategies = all_in;
  strategies[0].parameters["limit_offset"] = 0.01;
  const Seen seen = run(candles, request_of(settings_of(strategies), 0, 3, {0.9, 0.5, 0.5}));
  CHECK(seen.fills.size() == (low < 99.0 ? 1U : 0U));
  for (const Fill& fill : seen.fills) CHECK(fill.price == price_of(99));
}

TEST_CASE("history in front of the period warms features and is not traded on") {
  const std::vector<Candle> candles = random_walk(400, 0.002, 1);
  const Seen seen = run(candles, request_of(settings_of(all_in), 300, 400, std::vector<double>(400, 0.9)));
  CHECK(seen.candles.size() == 100);
  REQUIRE(seen.fills.size() == 1);
  CHECK(seen.fills[0].decided_on == history_begin + Duration::minutes(300));
  features::FeatureSet set(Duration::minutes(1));
  std::vector<double> row;
  for (std::size_t i = 0; i <= 300; ++i) {
    const auto made = set.update(candles[i]);
    row.assign(made.begin(), made.end());
  }
  const std::vector<double>& first = seen.candles.front().features;
  REQUIRE(first.size() == row.size());
  for (std::size_t i = 0; i < row.size(); ++i)
    CHECK((first[i] == row[i] || (std::isnan(first[i]) && std::isnan(row[i]))));
}

TEST_CASE("a gap cancels what works, and its candle is not decided on") {
  std::vector<Candle> candles = random_walk(6, 0.001, 2);
  SECTION("a stored gap") { candles[1].state = CandleState::gap; }
  SECTION("a candle that is not there") { candles.erase(candles.begin() + 1); }
  const Seen seen = run(candles, request_of(settings_of(all_in), 0, 6, {0.9, 0.5, 0.5, 0.5, 0.5, 0.5}));
  CHECK(seen.fills.empty());
  REQUIRE(seen.orders.size() == 1);
  CHECK(seen.orders[0].end == OrderEnd::cancelled);
}

TEST_CASE("a strategy that knows the future gets rich, one that is told the contrary is ruined") {
  const std::vector<Candle> candles = random_walk(3'000, 0.02, 3);
  std::vector<double> knows, opposes;
  for (std::size_t i = 0; i + 1 < candles.size(); ++i) {
    // The order fills at the next open, which is this close: what counts is where that candle ends.
    const bool up = candles[i + 1].close > candles[i].close;
    knows.push_back(up ? 0.95 : 0.05);
    opposes.push_back(up ? 0.05 : 0.95);
  }
  const BacktestResult rich = tallied(candles, request_of(settings_of(all_in), 0, 3'000, knows));
  CHECK(rich.strategies[0].performance.total_return > 100);
  CHECK(rich.predictions.accuracy == Approx(1.0));
  CHECK(rich.predictions.auc == Approx(1.0));
  CHECK(rich.predictions.skill_interval.low > 0);
  const BacktestResult ruined = tallied(candles, request_of(settings_of(all_in), 0, 3'000, opposes));
  CHECK(ruined.strategies[0].performance.total_return < -0.99);
  CHECK(ruined.predictions.accuracy == Approx(0.0));
}

TEST_CASE("predictions that know nothing are scored as such") {
  const std::vector<Candle> candles = random_walk(5'000, 0.002, 4);
  std::mt19937_64 random(5);
  std::vector<double> guesses;
  for (std::size_t i = 0; i < candles.size(); ++i)
    guesses.push_back(0.4 + static_cast<double>(random() % 2001) / 10'000);
  const BacktestResult result = tallied(candles, request_of(settings_of(all_in), 0, 5'000, guesses));
  CHECK(result.predictions.rows == 4'999);
  CHECK(result.predictions.accuracy_interval.low < 0.5);
  CHECK(result.predictions.accuracy_interval.high > 0.5);
  CHECK(result.predictions.auc == Approx(0.5).margin(0.03));
  CHECK(result.predictions.calibration.size() == 10);
  CHECK(result.predictions.skill_interval.low < 0);
}

TEST_CASE("the tally counts what is missing and keeps the equity of the whole period") {
  std::vector<Candle> candles = random_walk(3 * 1440, 0.001, 6);
  candles.erase(candles.begin() + 100, candles.begin() + 110);
  candles[500].state = CandleState::gap;
  const BacktestResult result =
      tallied(candles, request_of(settings_of(all_in), 0, 3 * 1440, std::vector<double>(5'000, 0.9)));
  CHECK(result.missing == 10);
  CHECK(result.gaps == 1);
  CHECK(result.gap_share() == Approx(11.0 / 4320));
  const std::vector<EquityPoint>& equity = result.strategies[0].equity;
  REQUIRE(equity.size() > 70);
  CHECK(equity.front().time == history_begin + Duration::minutes(1));
  CHECK(equity.back().time == history_begin + Duration::minutes(3 * 1440));
  for (std::size_t i = 1; i < equity.size(); ++i) CHECK(equity[i].time > equity[i - 1].time);
  REQUIRE(result.strategies[0].months.size() == 1);
  CHECK(result.strategies[0].months[0].value == Approx(result.strategies[0].performance.total_return));
}

TEST_CASE("a sweep gives each variant what a backtest of it alone gives, with any number of threads") {
  const std::vector<Candle> candles = random_walk(20'000, 0.004, 7);
  std::mt19937_64 random(8);
  std::vector<double> says;
  for (std::size_t i = 0; i < candles.size(); ++i) says.push_back(0.3 + static_cast<double>(random() % 4001) / 10'000);
  std::vector<trading::StrategySettings> variants;
  for (int i = 0; i < 7; ++i) {
    variants.push_back({.name = "v" + std::to_string(i),
                        .kind = "balanced",
                        .parameters = {{"enter", 0.52 + 0.02 * i}, {"stop_loss", 0.01 * (i + 1)}}});
  }
  const std::size_t threads = GENERATE(1U, 3U);
  MadeHistory source(candles);
  const Result<SweepResult> swept = run_sweep(source, request_of(settings_of(variants), 1'000, 20'000, says), threads);
  REQUIRE(swept.has_value());
  const BacktestResult alone = tallied(candles, request_of(settings_of(variants), 1'000, 20'000, says));
  REQUIRE(swept->variants.size() == variants.size());
  CHECK(swept->seen.candles() == 19'000);
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const trading::PerformanceReport &a = swept->variants[i].performance, &b = alone.strategies[i].performance;
    CHECK(a.fills == b.fills);
    CHECK(a.fills > 100);
    CHECK(a.last_equity == b.last_equity);
    CHECK(a.sharpe == b.sharpe);
    CHECK(swept->variants[i].returns == alone.strategies[i].returns);
  }
}
