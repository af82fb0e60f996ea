// The options around a strategy: stops, limits of position and drawdown, pauses, and whether a trade pays.
#include <catch2/catch.hpp>

#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

using Numbers = std::map<std::string, double, std::less<>>;

// Buys all above 0.6, sells all below 0.4, unless an option says otherwise.
Desk with(Numbers numbers, Duration cooldown = {}, PaperSettings settings = free_of_charge()) {
  numbers.insert({{"enter", 0.6}, {"leave", 0.4}});
  return Desk(settings, {{"t", "threshold", {}, cooldown, numbers}});
}

TEST_CASE("a stop loss looks at the low, sells at the close, and needs no prediction") {
  Desk desk = with({{"stop_loss", 0.05}});
  CHECK(desk.candle({.minute = 0, .close = "100", .probability = 0.9}) == "buy 100 @ 100 fee 0 at 61");
  CHECK(desk.candle({.minute = 1, .close = "99", .probability = 0.5, .low = "95.01"}).empty());
  CHECK(desk.candle({.minute = 2, .close = "98", .low = "95"}) == "sell 100 @ 98 fee 0 at 181 stop loss");
  CHECK(desk.orders() == "2 sell market filled");
}

TEST_CASE("the cost that a stop counts from is the average of the purchases") {
  Desk desk(free_of_charge(), {{"u", "ultra_aggressive", {}, {}, {{"stop_loss", 0.1}}}});
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});              // 50 @ 100
  desk.candle({.minute = 1, .close = "50", .probability = 0.9, .low = "95"});  // 50 @ 50: 75 on average
  CHECK(desk.trading.accounts()[0].cost() == money("7500"));
  CHECK(desk.candle({.minute = 2, .close = "68", .low = "67.6"}).empty());
  desk.candle({.minute = 2, .close = "68", .probability = 0.1, .low = "67.6"});  // half of it: its cost goes with it
  CHECK(desk.trading.accounts()[0].cost() == money("3750"));
  CHECK(desk.candle({.minute = 3, .close = "68", .low = "67.5"}) == "sell 50 @ 68 fee 0 at 241 stop loss");
  CHECK(desk.trading.accounts()[0].cost() == Money{});
}

TEST_CASE("a gain counts where it lasted to the close") {
  Desk desk = with({{"take_profit", 0.05}});
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});
  CHECK(desk.candle({.minute = 1, .close = "104.99", .probability = 0.9}).empty());
  CHECK(desk.candle({.minute = 2, .close = "105", .probability = 0.9}) == "sell 100 @ 105 fee 0 at 181 take profit");
}

TEST_CASE("a trailing stop follows the highest close since the purchase") {
  Desk desk = with({{"trailing_stop", 0.1}});
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});
  CHECK(desk.candle({.minute = 1, .close = "120", .probability = 0.5}).empty());
  CHECK(desk.candle({.minute = 2, .close = "115", .probability = 0.5, .low = "108.1"}).empty());
  CHECK(desk.candle({.minute = 3, .close = "110", .probability = 0.5, .low = "108"}) ==
        "sell 100 @ 110 fee 0 at 241 trailing stop");
  // The next position starts again, from its own price.
  CHECK(desk.candle({.minute = 4, .close = "50", .probability = 0.9}) == "buy 220 @ 50 fee 0 at 301");
  CHECK(desk.candle({.minute = 5, .close = "46", .probability = 0.5, .low = "45.1"}).empty());
  CHECK(desk.candle({.minute = 6, .close = "46", .probability = 0.5, .low = "45"}) ==
        "sell 220 @ 46 fee 0 at 421 trailing stop");
}

TEST_CASE("a stop with latency gets what the market gives, and stays until it fills") {
  PaperSettings settings = free_of_charge();
  settings.latency = Duration::seconds(50);
  Desk desk = with({{"stop_loss", 0.05}}, {}, settings);
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});
  CHECK(desk.trade(111, "100") == "buy 100 @ 100 fee 0 at 111");
  desk.candle({.minute = 1, .close = "90"});
  desk.candle({.minute = 2, .close = "91"});                      // does not starts again
  desk.candle({.minute = 2, .close = "99", .probability = 0.9});  // the price is back, the order is out
  CHECK(desk.trade(200, "80") == "sell 100 @ 80 fee 0 at 200 stop loss");
}

TEST_CASE("no option acts on a gap or a stale candle") {
  Desk desk = with({{"stop_loss", 0.05}});
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});
  CHECK(desk.candle({.minute = 1, .close = "50", .state = CandleState::gap}).empty());
  CHECK(desk.candle({.minute = 2, .close = "50", .closed_late_s = 300}).empty());
  CHECK(desk.candle({.minute = 3, .close = "60"}) == "sell 100 @ 60 fee 0 at 241 stop loss");
}

TEST_CASE("the maximum drawdown ends a strategy, also over a restart, until the limit is another") {
  Desk desk = with({{"maximum_drawdown", 0.2}});
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});
  desk.candle({.minute = 1, .close = "150"});
  CHECK(desk.candle({.minute = 2, .close = "120.01"}).empty());
  CHECK_FALSE(desk.trading.stopped(StrategyId{0}));
  CHECK(desk.candle({.minute = 3, .close = "120", .probability = 0.9}) == "sell 100 @ 120 fee 0 at 241 drawdown");
  CHECK(desk.trading.stopped(StrategyId{0}));
  CHECK(desk.candle({.minute = 4, .close = "120", .probability = 0.9}).empty());

  StateWriter out;
  desk.trading.save(out);
  const std::string bytes = out.take();
  const auto restarted = [&](double limit) {
    Desk again = with({{"maximum_drawdown", limit}});
    StateReader in(bytes);
    REQUIRE(again.trading.load(in));
    return again.candle({.minute = 5, .close = "120", .probability = 0.9});
  };
  CHECK(restarted(0.2).empty());
  CHECK(restarted(0.3) == "buy 100 @ 120 fee 0 at 361");
  CHECK(restarted(0) == "buy 100 @ 120 fee 0 at 361");
}

TEST_CASE("after a fill the strategy rests, its stops do not") {
  Desk desk = with({{"stop_loss", 0.5}}, Duration::minutes(3));
  CHECK(desk.candle({.minute = 0, .close = "100", .probability = 0.9}) == "buy 100 @ 100 fee 0 at 61");
  CHECK(desk.candle({.minute = 1, .close = "100", .probability = 0.1}).empty());
  CHECK(desk.candle({.minute = 2, .close = "100", .probability = 0.1}).empty());
  CHECK(desk.candle({.minute = 3, .close = "100", .probability = 0.1}) == "sell 100 @ 100 fee 0 at 241");
  CHECK(desk.candle({.minute = 4, .close = "100", .probability = 0.9}).empty());
  CHECK(desk.candle({.minute = 6, .close = "100", .probability = 0.9}) == "buy 100 @ 100 fee 0 at 421");
  CHECK(desk.candle({.minute = 7, .close = "40", .probability = 0.9}) == "sell 100 @ 40 fee 0 at 481 stop loss");
}

TEST_CASE("purchases stop at the largest position") {
  Desk desk(free_of_charge(), {{"u", "ultra_aggressive", {}, {}, {{"maximum_position", 0.6}}}});
  CHECK(desk.candle({.minute = 0, .close = "100", .probability = 0.9}) == "buy 50 @ 100 fee 0 at 61");
  CHECK(desk.candle({.minute = 1, .close = "100", .probability = 0.9}) == "buy 10 @ 100 fee 0 at 121");
  CHECK(desk.candle({.minute = 2, .close = "100", .probability = 0.9}).empty());
  CHECK(desk.candle({.minute = 3, .close = "50", .probability = 0.9}) ==
        "buy 24 @ 50 fee 0 at 241");  // 0.6 * 7000 - 3000
}

TEST_CASE("with minimum_edge a trade must be expected to pay for its round trip") {
  PaperSettings settings = free_of_charge();
  settings.costs.fee = Fraction::basis_points(10);  // a round trip costs 0.2 %
  const auto traded = [&](double edge, double p, int warm_candles) {
    Desk desk = with({{"minimum_edge", edge}}, {}, settings);
    for (int i = 0; i < warm_candles; ++i)
      desk.candle({.minute = i, .close = i % 2 == 0 ? "100" : "101", .probability = 0.5});
    return !desk.candle({.minute = warm_candles, .close = "100", .probability = p}).empty();
  };
  // A candle moves about 1 %, five of them sqrt(5) %: p = 0.7 expects 0.89 %.
  CHECK(traded(0, 0.7, 40));
  CHECK(traded(0.006, 0.7, 40));
  CHECK_FALSE(traded(0.008, 0.7, 40));
  CHECK_FALSE(traded(0, 0.7, 10));  // how far the price moves is not known yet
}

TEST_CASE("buy_and_hold buys once without any prediction; flat never does") {
  PaperSettings settings = free_of_charge();
  settings.costs.fee = Fraction::basis_points(40);
  Desk desk(settings, {{"b", "buy_and_hold", {}}, {"f", "flat", {}}});
  CHECK(
      desk.candle({.minute = 0, .close = "100", .closed_late_s = 1000}).empty());  // long ago: it could not have bought
  CHECK(desk.candle({.minute = 1, .close = "100"}) == "buy 99.60159362 @ 100 fee 39.84063745 at 121");
  for (int minute = 2; minute < 10; ++minute)
    CHECK(desk.candle({.minute = minute, .close = "90", .probability = 0.1}).empty());
  CHECK(desk.report.equity.size() == 2);
}

}  // namespace
}  // namespace candled::trading::testing
