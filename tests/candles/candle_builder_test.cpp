// Scenarios that a trader can read: a tape of trades, watermarks and sequence gaps, and the candles that must come of it.
#include <catch2/catch.hpp>

#include "candled/candles/candle_accumulator.hpp"
#include "candles/tape.hpp"

namespace candled::candles::testing {
namespace {

constexpr CandleSettings minute{.interval = Duration::minutes(1), .grace = Duration::seconds(1)};

TEST_CASE("a candle holds first, highest, lowest and last price, and the sums") {
  check(minute, R"(
    tick 0
    trade 1  100 1.5 buy
    trade 20 103 0.25 sell
    trade 30 98  0.5 sell
    trade 59 101 1 buy
    tick 61)",
        "0 traded 100 103 98 101 3.25 2.5 4");
}

TEST_CASE("a trade at the boundary belongs to the candle that starts there") {
  check(minute, R"(
    tick 0
    trade 59.999999999 100 1 buy
    trade 60 101 2 buy
    trade 119.999999999 102 3 buy
    trade 120 103 4 buy
    tick 181)",
        R"(0   traded 100 100 100 100 1 1 1
           60  traded 101 102 101 102 5 5 2
           120 traded 103 103 103 103 4 4 1)");
}

TEST_CASE("a candle closes when engine time reaches its end plus the grace, to the nanosecond") {
  check(minute, "tick 0\n trade 1 100 1 buy\n tick 60.999999999", "");
  check(minute, "tick 0\n trade 1 100 1 buy\n tick 61", "0 traded 100 100 100 100 1 1 1");
  check(minute, "tick 0\n trade 1 100 1 buy\n trade 61 105 9 buy", "0 traded 100 100 100 100 1 1 1");
  check({.interval = Duration::minutes(1), .grace = {}}, "tick 0\n trade 1 100 1 buy\n tick 60",
        "0 traded 100 100 100 100 1 1 1");
}

TEST_CASE("trades of the next candle wait inside while the grace runs, and stragglers still count") {
  check(minute, R"(
    tick 0
    trade 10   100 1 buy
    trade 60.2 200 1 buy
    trade 59.8 101 1 sell   # steps back, within the grace
    trade 60.5 201 1 buy
    tick 121)",
        R"(0  traded 100 101 100 101 2 1 2
           60 traded 200 201 200 201 2 2 2)");
}

TEST_CASE("a trade of a closed candle is late and changes nothing") {
  check(minute, R"(
    tick 0
    trade 10 100 1 buy
    tick 61
    trade 59.9 999 50 buy
    trade 62 101 1 buy
    tick 121)",
        R"(0  traded 100 100 100 100 1 1 1
           60 traded 101 101 101 101 1 1 1)",
        "2");
}

TEST_CASE("engine time never goes back") {
  check(minute, R"(
    tick 0
    trade 10 100 1 buy
    trade 60.9 101 1 buy
    tick 30                # an older tick closes nothing and harms nothing
    trade 59 102 1 buy
    tick 61)",
        "0 traded 100 102 100 102 2 2 2");
}

TEST_CASE("open and close follow id order among equal timestamps") {
  check(minute, R"(
    tick 0
    trade 5 100 1 buy
    trade 5 90 1 buy
    trade 5 110 1 sell
    trade 5 95 1 sell
    tick 61)",
        "0 traded 100 110 90 95 4 2 4");
}

TEST_CASE("quiet candles are flat at the last close of the candles before them") {
  check(minute, R"(
    tick 0
    trade 30 100 1 buy
    trade 240.5 110 1 buy    # already of the candle at 240, while the one at 180 is open
    tick 301)",
        R"(0   traded 100 100 100 100 1 1 1
           60  quiet 100 100 100 100 0 0 0
           120 quiet 100 100 100 100 0 0 0
           180 quiet 100 100 100 100 0 0 0
           240 traded 110 110 110 110 1 1 1)");
}

TEST_CASE("a catch-up over many minutes gives every one of them, one at a time and resumable") {
  CandleBuilder builder(minute);
  Outcome outcome;
  for (const TapeEvent& event : parse_tape("tick 0\n trade 30 100 1 buy")) offer(builder, event, outcome);
  const Timestamp week_later = Timestamp{} + Duration::days(7) + Duration::seconds(1);
  std::vector<Candle> candles;
  while (std::optional<Candle> candle = builder.close_due(week_later)) {
    candles.push_back(*candle);
    CandleBuilder resumed = builder;  // a caller whose queue is full comes back with the same time
    CHECK(resumed.close_due(week_later).has_value() == (candles.size() < 7 * 1440));
  }
  REQUIRE(candles.size() == 7 * 1440);
  CHECK(candles.front().state == CandleState::traded);
  for (std::size_t i = 1; i < candles.size(); ++i) {
    REQUIRE(candles[i].open_time - candles[i - 1].open_time == minute.interval);
    REQUIRE(candles[i].state == CandleState::quiet);
  }
}

TEST_CASE("the first candle is partial unless it starts at or after the first thing seen") {
  // The first trade came 10 s into the candle: a gap with the prices that are known.
  check(minute, "trade 10 100 1 buy\n trade 70 101 1 buy\n tick 121",
        "0 gap 100 100 100 100 1 1 1\n60 traded 101 101 101 101 1 1 1");
  check(minute, "trade 60 100 1 buy\n tick 121", "60 traded 100 100 100 100 1 1 1");
  check(minute, "tick 60\n trade 70 100 1 buy\n tick 121", "60 traded 100 100 100 100 1 1 1");
  check(minute, "tick 60.000000001\n trade 70 100 1 buy\n tick 121", "60 gap 100 100 100 100 1 1 1");
}

TEST_CASE("no candle before the first trade, however long the watermarks go on") {
  check(minute, R"(
    tick 30
    tick 100
    tick 100000
    trade 100010 100 1 buy
    tick 100081)",
        R"(99960 traded 100 100 100 100 1 1 1
           100020 quiet 100 100 100 100 0 0 0)");
}

TEST_CASE("first trades around a boundary: the older candle is kept as the gap that it is") {
  check(minute, "trade 60.2 100 1 buy\n trade 59.9 99 1 buy\n tick 121", R"(
    0  gap 99 99 99 99 1 1 1
    60 gap 100 100 100 100 1 1 1)");
  check(minute, "tick 61.5\n trade 50 99 1 buy\n trade 62 100 1 buy\n tick 181", R"(
    60  gap 100 100 100 100 1 1 1
    120 quiet 100 100 100 100 0 0 0)",
        "1");
}

TEST_CASE("a sequence gap makes gaps from the last proven instant to the next trade") {
  SECTION("inside one candle") {
    check(minute, R"(
      tick 0
      trade 70 100 1 buy
      hole
      trade 80 105 1 buy
      trade 130 106 1 buy
      tick 181)",
          R"(60  gap 100 105 100 105 2 2 2
             120 traded 106 106 106 106 1 1 1)");
  }
  SECTION("over several candles: those in between know nothing, and quiet ones after it use the last known close") {
    check(minute, R"(
      tick 0
      trade 70 100 1 buy
      hole
      trade 250 105 1 buy
      tick 361)",
          R"(60  gap 100 100 100 100 1 1 1
             120 gap 0 0 0 0 0 0 0
             180 gap 0 0 0 0 0 0 0
             240 gap 105 105 105 105 1 1 1
             300 quiet 105 105 105 105 0 0 0)");
  }
  SECTION("a watermark proves more than the last trade") {
    check(minute, R"(
      tick 0
      trade 70 100 1 buy
      tick 125             # the candle at 60 is complete
      hole
      trade 190 105 1 buy
      tick 301)",
          R"(60  traded 100 100 100 100 1 1 1
             120 gap 0 0 0 0 0 0 0
             180 gap 105 105 105 105 1 1 1
             240 quiet 105 105 105 105 0 0 0)");
  }
  SECTION("both open candles, when the next trade is the first of the next one") {
    check(minute, R"(
      tick 0
      trade 59.5 100 1 buy
      hole
      trade 60.5 101 1 buy
      tick 181)",
          R"(0   gap 100 100 100 100 1 1 1
             60  gap 101 101 101 101 1 1 1
             120 quiet 101 101 101 101 0 0 0)");
  }
  SECTION("the older open candle is complete when a watermark has proven the next one's start") {
    check(minute, R"(
      tick 0
      trade 59.5 100 1 buy
      tick 60.1
      hole
      trade 60.5 101 1 buy
      tick 121)",
          R"(0  traded 100 100 100 100 1 1 1
             60 gap 101 101 101 101 1 1 1)");
  }
  SECTION("the next trade is late: the candle of the last proven instant is in the sequence gap") {
    check(minute, R"(
      tick 0
      trade 10 100 1 buy
      tick 65
      hole
      trade 59 999 1 buy
      trade 70 101 1 buy
      tick 181)",
          R"(0   traded 100 100 100 100 1 1 1
             60  gap 101 101 101 101 1 1 1
             120 quiet 101 101 101 101 0 0 0)",
          "2");
  }
  SECTION("watermarks do not end a sequence gap, the next trade does") {
    check(minute, R"(
      tick 0
      trade 10 100 1 buy
      hole
      tick 130
      tick 185
      trade 190 101 1 buy
      tick 301)",
          R"(0   gap 100 100 100 100 1 1 1
             60  gap 0 0 0 0 0 0 0
             120 gap 0 0 0 0 0 0 0
             180 gap 101 101 101 101 1 1 1
             240 quiet 101 101 101 101 0 0 0)");
  }
  SECTION("before anything else") {
    check(minute, "hole\n trade 60 100 1 buy\n tick 181",
          "60 gap 100 100 100 100 1 1 1\n 120 quiet 100 100 100 100 0 0 0");
  }
  SECTION("before the first price: it does not outlive the candles that are never told") {
    check(minute, R"(
      tick 0
      tick 120.5
      hole
      trade 50 999 1 buy
      tick 1000
      trade 1001 100 1 buy
      tick 1021)",
          "960 traded 100 100 100 100 1 1 1", "1");
  }
  SECTION("twice in a row is once") {
    check(minute, "tick 0\n trade 70 100 1 buy\n hole\n hole\n trade 71 100 1 buy\n tick 181",
          "60 gap 100 100 100 100 2 2 2\n 120 quiet 100 100 100 100 0 0 0");
  }
}

TEST_CASE("a sum is exact beyond 64 bits, and one that does not fit makes the candle a gap, not a wrap") {
  check(minute, R"(
    tick 0
    trade 10 100 92233720368 buy
    trade 20 105 0.54775807 buy
    trade 30 90  0.00000001 sell
    trade 40 101 1 sell
    trade 70 101 1 sell
    tick 121)",
        R"(0 traded 100 105 90 101 92233720369.54775808 92233720368.54775807 4
           60 traded 101 101 101 101 1 0 1)");
  CandleAccumulator sums;
  Trade trade;
  trade.price = Price::parse("1").value();
  trade.quantity = Quantity::parse("500000000000000000").value();
  constexpr int held = 340'282;  // of 1.7e23
  for (int i = 0; i < held; ++i) sums.add(trade);
  const auto candle = [&] { return sums.finish({}, Duration::minutes(1), true, {}); };
  CHECK(candle().state == CandleState::traded);
  CHECK(candle().volume.to_text() == "170141000000000000000000");
  sums.add(trade);
  CHECK(candle().state == CandleState::gap);
  CHECK(candle().volume.to_text() == "170141000000000000000000");
}

TEST_CASE("other intervals") {
  check({.interval = Duration::seconds(10), .grace = Duration::milliseconds(500)},
        "tick 0\n trade 3 1 1 buy\n trade 12 2 1 buy\n tick 20.4\n tick 20.5",
        "0 traded 1 1 1 1 1 1 1\n 10 traded 2 2 2 2 1 1 1");
  check({.interval = Duration::hours(1), .grace = Duration::seconds(1)}, "tick 0\n trade 3599 1 1 buy\n tick 3601",
        "0 traded 1 1 1 1 1 1 1");
}

TEST_CASE("largest and smallest prices pass unharmed") {
  check(minute, "tick 0\n trade 1 922337203.6854775807 1 buy\n trade 2 0.0000000001 1 buy\n tick 61",
        "0 traded 922337203.6854775807 922337203.6854775807 0.0000000001 0.0000000001 2 2 2");
}

TEST_CASE("what an unproven event closes is unknown, with the prices that are known") {
  CandleBuilder builder(minute);
  const auto at = [](std::int64_t seconds) { return Timestamp{seconds * 1'000'000'000}; };
  CHECK_FALSE(builder.close_due(at(0)));
  builder.prove(at(0));
  CHECK_FALSE(builder.close_due(at(10)));
  Trade trade;
  trade.id = 1;
  trade.time = at(10);
  trade.price = Price::parse("100").value();
  trade.quantity = Quantity::parse("1").value();
  builder.add(trade);
  const std::optional<Candle> traded = builder.close_due(at(61), false);
  REQUIRE(traded);
  CHECK(traded->state == CandleState::gap);
  CHECK(traded->close == Price::parse("100").value());
  CHECK(builder.close_due(at(121), false)->state == CandleState::gap);
  CHECK(builder.close_due(at(181))->state == CandleState::quiet);
}

}  // namespace
}  // namespace candled::candles::testing
