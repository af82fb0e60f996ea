// ImportWriter: which candle wins over which, and sequence gaps that agree with what is missing.
#include <catch2/catch.hpp>

#include "candled/store/import_writer.hpp"
#include "candled/store/reader.hpp"
#include "store/small_journal.hpp"

namespace candled::tests {
namespace {

struct Scene {
  Scene() : beside(journal.path(), SmallJournal::markets()), reader(journal.path(), SmallJournal::markets()) {}

  static Candle candle(CandleState state, const char* close, bool from_trades) {
    Candle c;
    c.open_time = SmallJournal::start;
    c.state = state;
    c.open = c.high = c.low = c.close = *Price::parse(close);
    c.tape.known = from_trades;
    return c;
  }
  void store(const Candle& c) {
    auto report = std::make_unique<CandleReport>();
    report->candle = c;
    report->end = c.open_time + Duration::minutes(1);
    if (c.state != CandleState::gap) report->features = {c.close.to_double()};
    journal.commit(Event::of(MarketId{0}, std::move(report)), journal.trade(MarketId{0}, journal.sequence + 1));
  }
  void import(const Candle& c) {
    const std::vector<store::CandleImport> rows = {{c, {-c.close.to_double()}, false}};
    REQUIRE(beside.write_candles(MarketId{0}, "hash", rows).has_value());
  }
  Candle stored() {
    const std::vector<Candle> candles =
        reader.candles(MarketId{0}, SmallJournal::start, SmallJournal::start + Duration::minutes(1));
    REQUIRE(candles.size() == 1);
    return candles[0];
  }
  double feature() { return reader.training_rows(MarketId{0}, SmallJournal::start, "hash", 1).features.at(0); }

  SmallJournal journal{"candled_import_writer_test"};
  store::ImportWriter beside;
  store::Reader reader;
};

}  // namespace

TEST_CASE("import writer: candles of trades win over those of files, knowing wins over gaps") {
  SECTION("a file's candle gives way to one of trades, its features too") {
    Scene scene;
    scene.import(Scene::candle(CandleState::traded, "5", false));
    CHECK(scene.feature() == -5);
    scene.store(Scene::candle(CandleState::traded, "7", true));
    CHECK(scene.stored().close == *Price::parse("7"));
    CHECK(scene.stored().revision == 1);
    CHECK(scene.feature() == 7);
  }
  SECTION("one of trades stays") {
    Scene scene;
    scene.store(Scene::candle(CandleState::traded, "7", true));
    scene.import(Scene::candle(CandleState::traded, "5", false));
    CHECK(scene.stored().close == *Price::parse("7"));
  }
  SECTION("a gap of the feed is filled from a file") {
    Scene scene;
    scene.store(Scene::candle(CandleState::gap, "7", false));
    scene.import(Scene::candle(CandleState::traded, "5", false));
    CHECK(scene.stored().close == *Price::parse("5"));
    CHECK(scene.stored().state == CandleState::traded);
  }
  SECTION("and no gap takes it away again, neither from the feed nor by a revision") {
    Scene scene;
    scene.import(Scene::candle(CandleState::traded, "5", false));
    scene.store(Scene::candle(CandleState::gap, "7", false));
    const Candle gap = Scene::candle(CandleState::gap, "7", false);
    CHECK(*scene.journal.writer->revise_candles(MarketId{0}, std::span(&gap, 1)) == 0);
    CHECK(scene.stored().close == *Price::parse("5"));
  }
  SECTION("nor do minutes in which nobody saw a trade") {
    Scene scene;
    scene.import(Scene::candle(CandleState::traded, "5", false));
    scene.store(Scene::candle(CandleState::quiet, "7", true));
    const Candle quiet = Scene::candle(CandleState::quiet, "7", true);
    CHECK(*scene.journal.writer->revise_candles(MarketId{0}, std::span(&quiet, 1)) == 0);
    CHECK(scene.stored().close == *Price::parse("5"));
  }
  SECTION("a row that is stored gets its features again") {
    Scene scene;
    scene.store(Scene::candle(CandleState::traded, "7", true));
    const std::vector<store::CandleImport> rows = {{scene.stored(), {3.0}, true}};
    REQUIRE(scene.beside.write_candles(MarketId{0}, "hash", rows).has_value());
    CHECK(scene.stored().close == *Price::parse("7"));
    CHECK(scene.feature() == 3);
  }
}

TEST_CASE("import writer: sequence gaps agree with what is missing") {
  using store::IdSpan;
  Scene scene;
  scene.journal.commit(scene.journal.trade(MarketId{0}, 10), scene.journal.trade(MarketId{0}, 50));
  auto settle = [&](std::vector<IdSpan> missing) {
    return *scene.beside.settle_sequence_gaps(MarketId{0}, {10, 50}, missing, Timestamp{1});
  };
  auto open = [&] {
    std::vector<IdSpan> sequence_gaps;
    for (const SequenceGap& sequence_gap : scene.reader.cursor(MarketId{0}).open_sequence_gaps)
      sequence_gaps.push_back({sequence_gap.first_missing_id, sequence_gap.last_missing_id});
    return sequence_gaps;
  };
  CHECK(settle({{11, 49}}).empty());
  CHECK(open() == std::vector<IdSpan>{{11, 49}});
  CHECK(settle({{11, 49}}).empty());
  CHECK(settle({{11, 19}, {30, 49}}) == std::vector<IdSpan>{{11, 49}});
  CHECK(open() == std::vector<IdSpan>{{11, 19}, {30, 49}});
  CHECK(settle({{35, 49}}) == std::vector<IdSpan>{{11, 19}, {30, 49}});
  CHECK(open() == std::vector<IdSpan>{{35, 49}});
  CHECK(settle({}) == std::vector<IdSpan>{{35, 49}});
  CHECK(open().empty());
}

TEST_CASE("import writer: made ids are no part of the live cursor or of id coverage") {
  Scene scene;
  scene.journal.commit(scene.journal.trade(MarketId{0}, -70), scene.journal.trade(MarketId{0}, -60));
  CHECK_FALSE(scene.reader.cursor(MarketId{0}).last_trade_id.has_value());
  CHECK(scene.reader.stored_ranges(MarketId{0}).empty());
  scene.journal.commit(scene.journal.trade(MarketId{0}, 5), scene.journal.trade(MarketId{0}, 6));
  CHECK(scene.reader.cursor(MarketId{0}).last_trade_id == 6);
  CHECK(scene.reader.stored_ranges(MarketId{0}).size() == 1);
  const Timestamp at = SmallJournal::start;  // a trade's time is its id in seconds behind it
  CHECK(scene.reader.trades_between(MarketId{0}, at - Duration::seconds(65), at + Duration::seconds(6)).size() == 2);
  CHECK(scene.reader.last_trade_before(MarketId{0}, at)->id == -60);
  CHECK(scene.reader.last_trade_before(MarketId{0}, at + Duration::seconds(6))->id == 5);
  CHECK(scene.reader.first_trade_time(MarketId{0}) == at - Duration::seconds(70) + Duration{123'456'789});
  CHECK(scene.beside.trade_ids(MarketId{0}, INT64_MIN, 10) == std::vector<std::int64_t>{-70, -60, 5, 6});
  CHECK(scene.beside.last_trade_id_before(MarketId{0}, 6) == 5);
}

}  // namespace candled::tests
