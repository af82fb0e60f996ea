// Feature rows that were made from stored candles: rebuilt where a candle changed, and never older than what is kept.
#include "engine/feature_rebuild.hpp"

#include "candled/engine/revision.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/store/import_writer.hpp"
#include "candled/store/retention.hpp"
#include "candled/store/row_reader.hpp"
#include "small_market.hpp"

namespace candled::engine::tests {
namespace {

constexpr Timestamp start{1'735'689'600'000'000'000};
const Market bitcoin = two_markets()[0];

Timestamp minute(int number) { return start + Duration::minutes(number); }

// Candles without trades, as a file or the exchange's own list of candles brings them, with their rows.
void import_candles(Session& session, int minutes) {
  store::ImportWriter beside(session.settings.database, session.settings.markets);
  std::vector<store::CandleImport> rows;
  for (int i = 0; i < minutes; ++i) {
    Candle candle;
    candle.open_time = minute(i);
    candle.open = candle.high = candle.low = candle.close = Price::from_units((1'000 + i * i % 37) * Price::scale);
    candle.volume = Volume::from_usual_units(100'000'000 + i);
    candle.trades = static_cast<std::uint32_t>(5 + i % 3);
    candle.tape.known = false;
    rows.push_back({candle, {}, false});
  }
  REQUIRE(beside.write_candles(bitcoin.id, "", rows));
  REQUIRE(rebuild_features(session.reader, session.writer, bitcoin, {}));
}

Event trade(std::int64_t id, Timestamp time) {
  Trade made;
  made.id = id;
  made.time = made.received = time;
  made.price = Price::from_units((1'001 + id % 5) * Price::scale);
  made.quantity = Quantity::from_units(50'000'000);
  made.side = id % 3 == 0 ? Side::buy : Side::sell;
  return Event::of(bitcoin.id, made);
}

// Trades of the minutes, ten each, and one behind them that closes the last.
void feed(Session& session, int from, int to) {
  REQUIRE(session.conveyor.feed().try_push(Event::of(bitcoin.id, Watermark{minute(from), minute(from)})));
  for (std::int64_t i = 0; i <= (to - from) * 10; ++i)
    REQUIRE(session.conveyor.feed().try_push(trade(1'000 + i, minute(from) + Duration::seconds(6 * i + 1))));
  REQUIRE(session.conveyor.feed().try_push(
      Event::of(bitcoin.id, Watermark{minute(to) + Duration::seconds(5), minute(to) + Duration::seconds(5)})));
}

struct Rows {
  std::int64_t right = 0, wrong = 0;
  std::int64_t live = 0;
  std::optional<Timestamp> first;
};

// Of those that were made from stored candles: whether they are what the stored candles give.
Rows compare(const Session& session) {
  Rows rows;
  features::FeatureSet set(bitcoin.interval);
  store::RowReader reader(session.settings.database, bitcoin);
  for (const store::CandleWithRow& stored : reader.next(10'000)) {
    const std::span<const double> made = set.update(stored.candle);
    if (stored.hash.empty()) continue;
    if (!rows.first) rows.first = stored.candle.open_time;
    if (stored.row_sequence > 0) {
      ++rows.live;
      continue;
    }
    const bool same = std::ranges::equal(stored.features, made,
                                         [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
    ++(same ? rows.right : rows.wrong);
  }
  return rows;
}

void poll_until_idle(Session& session) {
  while (session.conveyor.poll()) {
  }
}

}  // namespace

TEST_CASE("rows of candles that gave way to trades are rebuilt while the conveyor runs") {
  const auto path = fresh("stale_rows");
  Session session(path, Run{});
  import_candles(session, 100);
  REQUIRE(recover(session).has_value());
  CHECK(compare(session).right == 100);
  feed(session, 50, 60);
  poll_until_idle(session);
  const std::vector<Candle> candles = session.reader.candles(bitcoin.id, minute(50), minute(61));
  CHECK(std::ranges::count_if(candles,
                              [](const Candle& candle) { return candle.revision == 1 && candle.tape.known; }) >= 9);
  const Rows rows = compare(session);
  CHECK(rows.wrong == 0);
  CHECK(rows.right + rows.live == 100);
  CHECK_FALSE(store::RowReader(path, bitcoin).features_due());
}

TEST_CASE("rows that are due stay due over a death, and the next start makes them") {
  const auto path = fresh("due_rows");
  {
    Session session(path, Run{});
    import_candles(session, 100);
    REQUIRE(recover(session).has_value());
    Candle changed = session.reader.candles(bitcoin.id, minute(50), minute(51)).front();
    changed.tape.known = true;
    changed.high = Price::from_units(1'100 * Price::scale);
    REQUIRE(*session.writer.revise_candles(bitcoin.id, {&changed, 1}) == 1);
    CHECK(compare(session).wrong > 0);
    CHECK(*store::RowReader(path, bitcoin).features_due() == minute(50));
  }
  Session session(path, Run{});
  REQUIRE(recover(session).has_value());
  poll_until_idle(session);
  CHECK(compare(session).wrong == 0);
  CHECK_FALSE(store::RowReader(path, bitcoin).features_due());
}

TEST_CASE("rows that the conveyor made stay as inference saw them") {
  const auto path = fresh("live_rows");
  Session session(path, Run{});
  REQUIRE(recover(session).has_value());
  feed(session, 0, 40);
  poll_until_idle(session);
  const std::string before = dump(path);
  const std::int64_t live = compare(session).live;
  CHECK(live >= 39);
  REQUIRE(session.writer.features_due(bitcoin.id, minute(5)));
  poll_until_idle(session);
  CHECK(compare(session).live == live);
  CHECK(dump(path) == before);
}

TEST_CASE("a change behind the part that is made already is made in a second pass") {
  const auto path = fresh("second_pass");
  Session session(path, Run{});
  import_candles(session, 100);
  REQUIRE(session.writer.features_due(bitcoin.id, minute(10)));
  REQUIRE(session.writer.take_features_due(bitcoin.id) == minute(10));
  FeatureRebuild rebuild = FeatureRebuild::of_revised(session.reader, session.writer, bitcoin, minute(10));
  REQUIRE(*rebuild.step(60));
  REQUIRE(session.writer.features_due(bitcoin.id, minute(20)));
  while (*rebuild.step(60)) {
  }
  CHECK(session.writer.take_features_due(bitcoin.id) == minute(20));
  CHECK(store::RowReader(path, bitcoin).features_due().has_value());
  REQUIRE(session.writer.features_refreshed(bitcoin.id));
  CHECK_FALSE(store::RowReader(path, bitcoin).features_due());
}

TEST_CASE("rows older than what is kept are not rebuilt, and come back when all is kept") {
  const auto path = fresh("kept_rows");
  Session session(path, Run{});
  import_candles(session, 100);
  store::Retention keeper(path, session.settings.markets);
  REQUIRE(*keeper.prune_features(bitcoin.id, minute(60), 1'000) == 60);
  REQUIRE(rebuild_features(session.reader, session.writer, bitcoin, Duration::minutes(39)));
  CHECK(*compare(session).first == minute(60));
  CHECK(*session.reader.bounds(bitcoin.id).features_pruned_before == minute(60));
  REQUIRE(rebuild_features(session.reader, session.writer, bitcoin, Duration::minutes(59)));
  CHECK(*compare(session).first == minute(40));
  CHECK(*session.reader.bounds(bitcoin.id).features_pruned_before == minute(40));
  REQUIRE(rebuild_features(session.reader, session.writer, bitcoin, {}));
  CHECK(compare(session).right == 100);
  CHECK_FALSE(session.reader.bounds(bitcoin.id).features_pruned_before.has_value());
}

}  // namespace candled::engine::tests
