// A backtest of stored trades is what the daemon did on them: the same candles, predictions, fills and equity, bit for bit.
#include "candled/engine/backtest.hpp"

#include <bit>
#include <catch2/catch.hpp>

#include "engine/live_rows.hpp"
#include "engine/small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

std::filesystem::path live_run(const std::string& name, const std::vector<Event>& tape) {
  const auto path = fresh(name);
  Session session(path, Run{ThreadLayout::market, 8192, false});
  REQUIRE(recover(session).has_value());
  REQUIRE(session.conveyor.control().try_push(
      Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000"), std::nullopt))));
  for (const Event& event : tape) {
    while (session.conveyor.feed().full()) session.conveyor.poll();
    session.conveyor.feed().push(event.copy());
  }
  session.conveyor.feed().flush();
  session.conveyor.feed().close();
  while (session.conveyor.poll()) {
  }
  return path;
}

EngineSettings of_first_market(const std::filesystem::path& path) {
  EngineSettings settings = Session::make_settings(path, Run{});
  settings.markets.pop_back();
  return settings;
}

struct Compared {
  std::int64_t candles = 0, rows = 0, predictions = 0, fills = 0, equity = 0;
};

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

void compare_candle(LiveRows& live, const EngineSettings& settings, const CandleReport& made, Compared& compared) {
  INFO(to_iso8601(made.candle.open_time));
  const auto candle = live.candle(MarketId{0}, made.candle.open_time);
  REQUIRE(candle);
  if (candle->candle.revision == 0) REQUIRE(candle->candle == made.candle);
  ++compared.candles;
  if (const auto row = live.features(MarketId{0}, made.candle.open_time); row && row->sequence > 0) {
    REQUIRE(row->row.size() == made.features.size());
    for (std::size_t i = 0; i < row->row.size(); ++i) REQUIRE(same_bits(row->row[i], made.features[i]));
    ++compared.rows;
  }
  if (const auto prediction = live.prediction(MarketId{0}, made.candle.open_time)) {
    REQUIRE(made.prediction);
    REQUIRE(same_bits(prediction->prediction.probability_up, made.prediction->probability_up));
    ++compared.predictions;
  }
  for (const EquityPoint& point : made.equity) {
    const auto stored = live.equity(MarketId{0}, settings.strategies[index_of(point.strategy)].name, point.time);
    REQUIRE(stored);
    REQUIRE(stored->equity == point.equity);
    REQUIRE(stored->cash == point.cash);
    REQUIRE(stored->position == point.position);
    ++compared.equity;
  }
}

void compare_fill(LiveRows& live, const EngineSettings& settings, const Fill& made, Compared& compared) {
  const auto stored = live.fill(MarketId{0}, settings.strategies[index_of(made.strategy)].name, made.number);
  REQUIRE(stored);
  CHECK(stored->time == made.time);
  CHECK(stored->price == made.price);
  CHECK(stored->quantity == made.quantity);
  CHECK(stored->fee == made.fee);
  ++compared.fills;
}

}  // namespace

TEST_CASE("a backtest of what a live run stored has its fills and its equity to the last bit") {
  const std::vector<Event> tape = make_tape(31, 4000);
  const auto path = live_run("backtest", tape);
  const EngineSettings settings = of_first_market(path);
  store::HistoryReader reader(path, settings.markets.front(), feature_lists(settings.markets).front().hash);
  LiveRows live(path);
  BacktestRequest request;
  request.settings = settings;
  request.from = *reader.begin();
  request.to = *reader.end();
  request.predictor = model_named("20250101_000000");
  StoredSource source(reader, settings.markets.front(), request.from, request.to, 0, false);
  Compared compared;
  const Result<BacktestCounts> counts = run_backtest(source, request, [&](const Event& event) {
    if (event.kind() == EventKind::candle) compare_candle(live, settings, event.report(), compared);
    if (event.kind() == EventKind::fill) compare_fill(live, settings, event.fill(), compared);
  });
  REQUIRE(counts.has_value());
  CHECK(counts->candles_from_trades > 90);
  CHECK(compared.candles == reader.extent(request.from, request.to).candles);
  CHECK(compared.rows > 90);
  CHECK(compared.predictions > 80);
  CHECK(compared.fills > 20);
  CHECK(compared.equity > 250);
}

TEST_CASE("where the trades of the first half are gone its candles go in, and the second half is traded on trades") {
  const std::vector<Event> tape = make_tape(33, 4000);
  const auto path = live_run("backtest_mixed", tape);
  const EngineSettings settings = of_first_market(path);
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
  const char* forget =
      "DELETE FROM trade WHERE market = 1 AND time / 60000000000 < (SELECT avg(time) FROM trade WHERE market = 1) / "
      "60000000000";
  REQUIRE(sqlite3_exec(handle, forget, nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_changes(handle) > 500);
  sqlite3_close(handle);
  store::HistoryReader reader(path, settings.markets.front(), feature_lists(settings.markets).front().hash);
  LiveRows live(path);
  BacktestRequest request;
  request.settings = settings;
  request.from = *reader.begin();
  request.to = *reader.end();
  request.predictor = model_named("20250101_000000");
  StoredSource source(reader, settings.markets.front(), request.from, request.to, 0, false);
  std::int64_t candles = 0, predictions = 0, fills = 0;
  const Result<BacktestCounts> counts = run_backtest(source, request, [&](const Event& event) {
    if (event.kind() == EventKind::fill) ++fills;
    if (event.kind() != EventKind::candle) return;
    ++candles;
    const auto prediction = live.prediction(MarketId{0}, event.report().candle.open_time);
    if (!prediction) return;
    INFO(to_iso8601(event.report().candle.open_time));
    REQUIRE(event.report().prediction);
    REQUIRE(same_bits(prediction->prediction.probability_up, event.report().prediction->probability_up));
    ++predictions;
  });
  REQUIRE(counts.has_value());
  CHECK(counts->candles_only > 30);
  CHECK(counts->candles_from_trades > 30);
  CHECK(candles == reader.extent(request.from, request.to).candles);
  CHECK(predictions > 60);
  CHECK(fills > 20);
}
