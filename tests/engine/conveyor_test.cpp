// The conveyor is deterministic: the same events give the same rows in every layout, with every queue size, and when the
// process dies at any moment and comes back.
#include <catch2/catch.hpp>

#include "engine/small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

TEST_CASE("the same events give the same rows in every layout and with every queue size") {
  const std::vector<Event> tape = make_tape(7, 6000);
  const std::string expected = whole_run("inline", tape, {ThreadLayout::market, 8192, false});
  CHECK(std::count(expected.begin(), expected.end(), '\n') > 8000);
  CHECK(expected.find("|buy|") != std::string::npos);
  CHECK(expected.find("|gap|") != std::string::npos);
  CHECK(expected.find("|quiet|") != std::string::npos);
  CHECK(expected.find("20250101_000001") != std::string::npos);
  CHECK(whole_run("inline_4", tape, {ThreadLayout::market, 4, false}) == expected);
  CHECK(whole_run("market_4", tape, {ThreadLayout::market, 4}) == expected);
  CHECK(whole_run("market_65536", tape, {ThreadLayout::market, 65'536}) == expected);
  CHECK(whole_run("stages_4", tape, {ThreadLayout::stages, 4}) == expected);
  CHECK(whole_run("stages_65536", tape, {ThreadLayout::stages, 65'536}) == expected);
  CHECK(whole_run("one_thread", tape, {ThreadLayout::inline_journal, 16}) == expected);
}

TEST_CASE("a process that dies twenty times leaves the rows of one that never did") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  const std::vector<Event> tape = make_tape(seed, 4000);
  const std::string expected = whole_run("unbroken", tape, {ThreadLayout::market, 8192, false});
  CHECK(interrupted_run("broken_small", tape, {ThreadLayout::market, 64, false, 300}, 20, seed) == expected);
  CHECK(interrupted_run("broken_large", tape, {ThreadLayout::market, 8192, false, 1'000'000}, 20, seed) == expected);
}

TEST_CASE("a late trade is stored and marked, and its candle is revised once") {
  const auto path = fresh("late");
  std::vector<Event> tape = make_tape(11, 400);
  {
    Session session(path, Run{});
    REQUIRE(recover(session).has_value());
    play(session, tape, 0, tape.size(), false);
    Trade late;
    late.id = 900;
    late.time = {1'735'689'600'000'000'000};
    late.price = Price::from_units(1);
    late.quantity = Quantity::from_units(1);
    REQUIRE(session.conveyor.feed().try_push(Event::of(MarketId{0}, late)));
    session.conveyor.feed().close();
    while (session.conveyor.poll()) {
    }
    CHECK(session.statistics.late_trades.value() == 1);
    REQUIRE(session.reader.trade(MarketId{0}, 900).has_value());
    CHECK(session.reader.trade(MarketId{0}, 900)->late);
    const Candle first = session.reader.candles(MarketId{0}, {0}, {INT64_MAX}).front();
    CHECK(first.low == Price::from_units(1));
    CHECK(first.revision == 1);
    CHECK_FALSE(session.reader.revision_due(MarketId{0}).has_value());
  }
}

TEST_CASE(
    "a death behind a sequence gap whose last proof was a watermark that closed nothing does not stand in the way of "
    "the next start") {
  const auto path = fresh("proven");
  constexpr Timestamp start{1'735'689'600'000'000'000};
  auto trade = [&](std::int64_t id, int second) {
    Trade made;
    made.id = id;
    made.time = made.received = start + Duration::seconds(second);
    made.price = *Price::parse("100");
    made.quantity = *Quantity::parse("1");
    return Event::of(MarketId{0}, made);
  };
  auto watermark = [&](int second) {
    return Event::of(MarketId{0}, Watermark{start + Duration::seconds(second), start + Duration::seconds(second)});
  };
  {
    Session session(path, Run{});
    REQUIRE(recover(session).has_value());
    flow::Sender& feed = session.conveyor.feed();
    feed.push(watermark(0));
    feed.push(trade(1, 5));
    feed.push(watermark(30));
    feed.push(Event::sequence_gap(MarketId{0}, SequenceGap{2, 3, start + Duration::seconds(40), {}}));
    feed.push(trade(4, 45));
    while (session.conveyor.poll()) {
    }
  }  // dies without a checkpoint
  Session session(path, Run{});
  const auto report = recover(session);
  REQUIRE(report.has_value());
  CHECK(report->replayed_events ==
        4);  // the watermark that closed nothing is not stored; the first one proved where the record begins
}
