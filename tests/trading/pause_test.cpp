// While paused nothing is opened; what is held may leave.
#include <catch2/catch.hpp>

#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

PaperSettings with_latency() {
  PaperSettings settings = free_of_charge();
  settings.latency = Duration::milliseconds(250);
  return settings;
}

TEST_CASE("no purchase is decided while paused, and it goes on when resumed") {
  Desk desk(free_of_charge());
  desk.trading.pause(true);
  CHECK(desk.trading.paused());
  CHECK(desk.candle({.minute = 0, .probability = 0.9}).empty());
  desk.trading.pause(false);
  CHECK(desk.candle({.minute = 1, .probability = 0.9}) == "buy 50 @ 100 fee 0 at 121");
}

TEST_CASE("a purchase that works when the pause comes is taken back; a sale is not") {
  Desk desk(with_latency());
  desk.candle({.minute = 0, .probability = 0.9});
  CHECK(desk.trade(61.1, "100").empty());
  desk.trading.pause(true);
  CHECK(desk.trade(62, "100").empty());
  desk.candle({.minute = 1, .probability = 0.9});
  CHECK(desk.orders() == "1 buy market cancelled");
  CHECK(desk.report.orders.at(0).ended == at(61.1));
  desk.trading.pause(false);
  desk.candle({.minute = 2, .probability = 0.9});
  CHECK(desk.trade(182, "100") == "buy 50 @ 100 fee 0 at 182");
  desk.candle({.minute = 3, .probability = 0.1});
  desk.trading.pause(true);
  CHECK(desk.trade(242, "100") == "sell 25 @ 100 fee 0 at 242");
}

TEST_CASE("sales and stops act while paused") {
  Desk desk(free_of_charge(), {{"u", "ultra_aggressive", {}, {}, {{"stop_loss", 0.05}}}});
  CHECK(desk.candle({.minute = 0, .probability = 0.9}) == "buy 50 @ 100 fee 0 at 61");
  desk.trading.pause(true);
  CHECK(desk.candle({.minute = 1, .probability = 0.1}) == "sell 25 @ 100 fee 0 at 121");
  CHECK(desk.candle({.minute = 2, .close = "90", .probability = 0.9}) == "sell 25 @ 90 fee 0 at 181 stop loss");
}

}  // namespace
}  // namespace candled::trading::testing
