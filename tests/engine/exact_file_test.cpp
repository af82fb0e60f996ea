// Numbers of every size through the file: written, read back, exported, imported again; a thousand of each.
#include <catch2/catch.hpp>
#include <random>

#include "candled/store/exporter.hpp"
#include "candled/store/recording.hpp"
#include "candled/store/view_reader.hpp"
#include "files/import_scene.hpp"
#include "store/small_journal.hpp"
#include "store/sqlite.hpp"

namespace candled::tests {
namespace {

constexpr int inputs = 1000;
constexpr MarketId bitcoin{0};

// Any number that fits, of any size: most of them not of the usual form.
template <class Number>
Number any(std::mt19937_64& random, const char* low, const char* high) {
  const Number least = *Number::parse(low), most = *Number::parse(high);
  for (;;) {
    const int digits = 1 + static_cast<int>(random() % 17);
    const auto mantissa = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(wide_power_of_ten(digits)));
    const int decimals = static_cast<int>(random() % 16);
    const auto number = Number::of(DecimalDigits{mantissa, decimals});
    if (number && *number >= least && *number <= most) return *number;
  }
}

Price any_price(std::mt19937_64& random) { return any<Price>(random, "0.000000000001", "10000000000"); }
Quantity any_quantity(std::mt19937_64& random) { return any<Quantity>(random, "0.000000000001", "10000000000000000"); }
Money any_money(std::mt19937_64& random) {
  return Money::from_units(static_cast<WideUnits>(random() >> (random() % 64)) *
                           static_cast<WideUnits>(1 + random() % 90'000));
}
Amount any_amount(std::mt19937_64& random) { return Amount::from_units(any_money(random).units()); }
Volume any_volume(std::mt19937_64& random) {
  Volume volume = volume_of(any_quantity(random));
  for (std::uint64_t i = random() % 20; i > 0; --i) volume += volume_of(any_quantity(random));
  return volume;
}

Trade any_trade(std::mt19937_64& random, std::int64_t id) {
  Trade trade;
  trade.id = id;
  trade.time = trade.received = SmallJournal::start + Duration::milliseconds(40 * id);
  trade.price = any_price(random);
  trade.quantity = any_quantity(random);
  trade.side = random() % 2 == 0 ? Side::buy : Side::sell;
  return trade;
}

Candle any_candle(std::mt19937_64& random, int index) {
  Candle c;
  c.open_time = SmallJournal::start + Duration::minutes(index);
  c.open = any_price(random), c.close = any_price(random);
  c.high = std::max({c.open, c.close, any_price(random)});
  c.low = std::min({c.open, c.close, any_price(random)});
  c.volume = any_volume(random);
  c.buy_volume = random() % 3 == 0 ? c.volume : Volume::from_units(c.volume.units() / 3);
  c.trades = 1 + static_cast<std::uint32_t>(random() % 1'000'000);
  c.tape = {.known = true,
            .buy_trades = 1,
            .up_ticks = 2,
            .down_ticks = 3,
            .largest = any_quantity(random),
            .turnover = any_money(random),
            .longest_pause = Duration{static_cast<std::int64_t>(random() % 60'000'000'000)}};
  return c;
}

std::string exported(const SmallJournal& journal, store::ExportKind kind) {
  store::Exporter exporter(journal.path());
  std::string text;
  REQUIRE(exporter.run({kind, "kraken:BTC/USD", {}, {}, "hash", {"a"}}, [&](std::string_view lines) {
    text += lines;
    return true;
  }));
  return text;
}

template <class Row>
std::vector<Row> all_of(store::Rows<Row> rows) {
  std::vector<Row> all;
  while (std::optional<Row> row = rows()) all.push_back(std::move(*row));
  return all;
}

double number_of(const std::string& sql, const SmallJournal& journal) {
  store::Connection connection(journal.path(), store::Access::read_only);
  store::Statement rows(connection, sql);
  double value = -1;
  while (rows.next()) value = rows.real(0);
  return value;
}

}  // namespace

TEST_CASE("trades of every size are stored, exported and imported without the loss of a digit") {
  std::mt19937_64 random(11);
  SmallJournal journal("candled_exact_trades");
  std::vector<Trade> trades;
  int blobs = 0;
  for (int i = 1; i <= inputs; ++i) {
    trades.push_back(any_trade(random, i));
    if (!trades.back().price.usual_units() || !trades.back().quantity.usual_units()) ++blobs;
    journal.commit(Event::of(bitcoin, trades.back()));
  }
  CHECK(blobs > inputs / 2);

  const store::Recording recording(journal.path());
  store::RecordStream events = recording.events();
  std::size_t read = 0;
  while (const std::optional<store::RecordedEvent> recorded = events.next()) {
    const Event& event = recorded->event;
    if (event.kind() != EventKind::trade) continue;
    const Trade& was = trades.at(read++);
    REQUIRE(event.trade().price == was.price);
    REQUIRE(event.trade().quantity == was.quantity);
  }
  REQUIRE(read == trades.size());

  ImportScene scene;
  const Imported again = scene.import_text(exported(journal, store::ExportKind::trades), "trades.csv");
  CHECK(again.error.empty());
  REQUIRE(again.rejected.empty());
  REQUIRE(again.trades.size() == trades.size());
  for (std::size_t i = 0; i < trades.size(); ++i) {
    REQUIRE(again.trades[i].price == trades[i].price);
    REQUIRE(again.trades[i].quantity == trades[i].quantity);
  }
  for (const Trade& trade : trades) {
    if (trade.id % 50 != 0) continue;
    const std::string of = " FROM trades WHERE trade_id = " + std::to_string(trade.id);
    CHECK(number_of("SELECT price" + of, journal) == Approx(trade.price.to_double()).epsilon(1e-14));
    CHECK(number_of("SELECT quantity" + of, journal) == Approx(trade.quantity.to_double()).epsilon(1e-14));
  }
}

TEST_CASE("candles of every size are stored, exported, imported and added up without the loss of a digit") {
  std::mt19937_64 random(12);
  SmallJournal journal("candled_exact_candles");
  std::vector<Candle> candles;
  for (int i = 0; i < inputs; ++i) {
    candles.push_back(any_candle(random, i));
    auto report = std::make_unique<CandleReport>();
    report->candle = candles.back();
    report->end = report->candle.open_time + Duration::minutes(1);
    journal.commit(Event::of(bitcoin, std::move(report)),
                   Event::of(bitcoin, Watermark{candles.back().open_time, {}, true}));
  }
  const store::Recording recording(journal.path());
  const auto stored = all_of(recording.candles(bitcoin));
  REQUIRE(stored.size() == candles.size());
  for (std::size_t i = 0; i < candles.size(); ++i) REQUIRE(stored[i].candle == candles[i]);

  ImportScene scene;
  const Imported again = scene.import_text(exported(journal, store::ExportKind::candles), "candles.csv");
  CHECK(again.error.empty());
  for (const files::RejectedRow& row : again.rejected) FAIL(row.why);
  REQUIRE(again.candles.size() == candles.size());
  for (std::size_t i = 0; i < candles.size(); ++i) REQUIRE(again.candles[i] == candles[i]);

  Volume volume;
  for (const Candle& candle : candles) {
    if (floor_to(candle.open_time, Duration::days(1)) == floor_to(candles.back().open_time, Duration::days(1)))
      volume += candle.volume;
  }
  store::ViewReader reader(journal.path(), [] { return true; });
  const Result<store::ViewRows> day =
      reader.candles({.market = "kraken:BTC/USD", .step = Duration::days(1), .limit = 1});
  REQUIRE(day.has_value());
  CHECK(day->cells.at(7).text == volume.to_text());
  CHECK(number_of("SELECT total(volume) FROM candles", journal) > 0);
}

TEST_CASE("fills, orders and accounts of every size are stored without the loss of a digit") {
  std::mt19937_64 random(13);
  SmallJournal journal("candled_exact_accounts");
  std::vector<Fill> fills;
  std::vector<OrderRecord> orders;
  std::vector<EquityPoint> points;
  for (int i = 0; i < inputs; ++i) {
    Event candle = journal.candle(bitcoin, i, CandleState::traded, "1");
    CandleReport& report = candle.report();
    report.equity = {
        {StrategyId{0}, report.end, any_money(random), any_amount(random), any_price(random), any_money(random)}};
    report.equity.front().time = report.candle.open_time + Duration::minutes(1);
    points.push_back(report.equity.front());
    OrderRecord order;
    order.decided_on = report.candle.open_time;
    order.number = static_cast<std::uint32_t>(i + 1);
    order.spend = any_money(random);
    order.quantity = any_amount(random), order.filled = any_amount(random);
    if (i % 2 == 0) order.limit = any_price(random);
    report.orders = {order};
    orders.push_back(order);
    Fill fill = journal.fill(StrategyId{0}, static_cast<std::uint32_t>(i + 1)).fill();
    fill.quantity = any_amount(random), fill.price = any_price(random), fill.fee = any_money(random);
    fills.push_back(fill);
    journal.commit(std::move(candle), Event::of(bitcoin, fill), Event::of(bitcoin, Watermark{report.end, {}, true}));
  }
  const store::Recording recording(journal.path());
  const auto stored_fills = all_of(recording.fills(bitcoin, "calm"));
  const auto stored_orders = all_of(recording.orders(bitcoin, "calm"));
  const auto stored_points = all_of(recording.equity(bitcoin, "calm"));
  REQUIRE((stored_fills.size() == inputs && stored_orders.size() == inputs && stored_points.size() == inputs));
  Money fees;
  for (std::size_t i = 0; i < inputs; ++i) {
    const Fill& fill = stored_fills[i].fill;
    REQUIRE((fill.quantity == fills[i].quantity && fill.price == fills[i].price && fill.fee == fills[i].fee));
    REQUIRE(stored_orders[i].order == orders[i]);
    const EquityPoint& point = stored_points[i].point;
    REQUIRE((point.cash == points[i].cash && point.position == points[i].position && point.price == points[i].price &&
             point.equity == points[i].equity));
    fees += fill.fee;
  }
  store::ViewReader reader(journal.path(), [] { return true; });
  const auto accounts = reader.accounts(1'000'000);
  REQUIRE(accounts.has_value());
  CHECK(accounts->front().fees == fees);
  CHECK(accounts->front().equity == points.back().equity);
}

TEST_CASE("a prediction's outcome compares closes of both forms") {
  for (const auto& [first, second, up] :
       {std::tuple("0.000000000001", "0.0000000001", 1.0), std::tuple("0.0000000001", "0.000000000001", 0.0),
        std::tuple("9", "5000000000.5", 1.0), std::tuple("0.000000000009", "0.00000000001", 1.0),
        std::tuple("5000000000.5", "5000000000.5", 0.0)}) {
    CAPTURE(first, second);
    SmallJournal journal("candled_exact_outcome");
    journal.commit(journal.candle(bitcoin, 0, CandleState::traded, first), journal.trade(bitcoin, 1));
    journal.commit(journal.candle(bitcoin, 1, CandleState::traded, second), journal.trade(bitcoin, 2));
    CHECK(number_of("SELECT outcome FROM predictions ORDER BY open_time LIMIT 1", journal) == up);
    store::ViewReader reader(journal.path(), [] { return true; });
    const auto scores = reader.scores(10);
    REQUIRE(scores.has_value());
    CHECK(scores->front().hits == static_cast<std::int64_t>(up));
  }
}

}  // namespace candled::tests
