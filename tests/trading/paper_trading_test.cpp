// When orders are made, replaced, filled and refused; equity; recovery of the state.
#include <catch2/catch.hpp>
#include <cmath>

#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

PaperSettings with_latency(Duration latency) {
  PaperSettings settings = free_of_charge();
  settings.latency = latency;
  return settings;
}

TEST_CASE("with latency 0 an order fills at the close, at the decision time") {
  Desk desk(free_of_charge());
  CHECK(desk.candle({.minute = 0, .close = "100", .probability = 0.7}) == "buy 50 @ 100 fee 0 at 61");
  CHECK(desk.fills[0].decided_on == Timestamp{});
  CHECK(desk.fills[0].number == 1);
  CHECK(desk.account() == "5000 + 50");
  CHECK(desk.candle({.minute = 1, .close = "110", .probability = 0.3}) == "sell 25 @ 110 fee 0 at 121");
  CHECK(desk.fills[0].number == 2);
  CHECK(desk.account() == "7750 + 25");
  CHECK(desk.trade(122, "110").empty());
}

TEST_CASE("with latency an order fills at the first trade at or after decision time plus latency") {
  Desk desk(with_latency(Duration::milliseconds(250)));
  CHECK(desk.candle({.minute = 0, .close = "100", .probability = 0.7}).empty());
  CHECK(desk.trade(61.0, "101").empty());
  CHECK(desk.trade(61.249, "102").empty());
  CHECK(desk.trade(61.5, "1", true).empty());  // late trades fill nothing
  CHECK(desk.trade(61.25, "104") == "buy 48.07692307 @ 104 fee 0 at 61.25");
  CHECK(desk.trade(61.3, "105").empty());
}

TEST_CASE("the next decision replaces a working order, or takes it back") {
  SECTION("by another order") {
    Desk desk(with_latency(Duration::seconds(1)));
    desk.candle({.minute = 0, .probability = 0.9});
    desk.candle({.minute = 1, .probability = 0.9});
    CHECK(desk.trade(62.5, "100").empty());  // stepped back in time: before the newer order is active
    CHECK(desk.trade(122, "100") == "buy 50 @ 100 fee 0 at 122");
    CHECK(desk.fills[0].decided_on == at(60));
    CHECK(desk.trade(123, "100").empty());
  }
  SECTION("by an order intent for nothing") {
    Desk desk(with_latency(Duration::seconds(1)), {{"d", "dynamic", {}}});
    desk.candle({.minute = 0, .probability = 0.9});
    desk.candle({.minute = 1, .probability = 0.52});
    CHECK(desk.trade(125, "100").empty());
  }
  SECTION("but not by a candle on which nothing is decided") {
    Desk desk(with_latency(Duration::seconds(1)));
    desk.candle({.minute = 0, .probability = 0.9});
    desk.candle({.minute = 1, .probability = 0.1, .closed_late_s = 3600});
    CHECK(desk.trade(125, "100") == "buy 50 @ 100 fee 0 at 125");
    CHECK(desk.fills[0].decided_on == at(0));
  }
}

TEST_CASE("a sequence gap cancels working orders") {
  Desk desk(with_latency(Duration::seconds(1)));
  desk.candle({.minute = 0, .probability = 0.9});
  REQUIRE(desk.trading.accounts()[0].working_order());
  desk.trading.on_sequence_gap(at(100));
  CHECK_FALSE(desk.trading.accounts()[0].working_order());
  CHECK(desk.trade(300, "100").empty());
  CHECK(desk.account() == "10000 + 0");
}

TEST_CASE("nothing is decided without prediction, on a gap, on a stale candle, or without a price") {
  Desk desk(free_of_charge());
  CHECK(desk.candle({.minute = 0}).empty());
  CHECK(desk.candle({.minute = 1, .probability = 0.9, .state = CandleState::gap}).empty());
  CHECK(desk.candle({.minute = 2, .close = "0", .probability = 0.9}).empty());
  CHECK_FALSE(desk.report.stale);

  CHECK(desk.candle({.minute = 3, .probability = 0.9, .closed_late_s = 60.001}).empty());
  CHECK(desk.report.stale);
  CHECK(desk.candle({.minute = 4, .probability = 0.9, .closed_late_s = 60}) == "buy 50 @ 100 fee 0 at 301");
  CHECK_FALSE(desk.report.stale);
  CHECK(desk.candle({.minute = 5, .probability = 0.1, .closed_late_s = 61}).empty());  // does not sell either
  CHECK(desk.report.stale);
  CHECK(desk.candle({.minute = 6, .closed_late_s = 61}).empty());
  CHECK(desk.report.stale);

  CHECK(desk.candle({.minute = 7, .probability = 0.9, .state = CandleState::quiet}) == "buy 25 @ 100 fee 0 at 481");
}

TEST_CASE("a probability that is none decides nothing") {
  for (const double p : {std::nan(""), -0.1, 1.1}) {
    Desk desk(free_of_charge());
    desk.candle({.minute = 0, .probability = 0.9});
    desk.report.prediction = prediction(p);
    desk.fills.clear();
    desk.trading.on_candle(desk.report, desk.fills);
    CHECK(desk.fills.empty());
  }
}

TEST_CASE("decide_every: only on candles whose end is a multiple of it") {
  Desk desk(free_of_charge(), {{"each", "ultra_aggressive", {}}, {"five", "ultra_aggressive", Duration::minutes(5)}});
  std::string who;
  for (std::int64_t minute = 0; minute < 11; ++minute) {
    desk.candle({.minute = minute, .probability = 0.9});
    for (const Fill& fill : desk.fills) who += index_of(fill.strategy) == 0 ? "a" : "F";
  }
  CHECK(who == "aaaaaFaaaaaFa");
}

TEST_CASE("equity is marked at the close behind the fills of the candle") {
  Desk desk(free_of_charge(), {{"u", "ultra_aggressive", {}}, {"b", "balanced", {}}});
  const auto equity = [&] {
    std::string text;
    for (const EquityPoint& point : desk.report.equity) {
      text +=
          fmt::format("[{} at {}: {} + {} @ {} = {}]", index_of(point.strategy), point.time.ns / 1'000'000'000,
                      point.cash.to_text(), point.position.to_text(), point.price.to_text(), point.equity.to_text());
    }
    return text;
  };
  desk.candle({.minute = 0, .close = "0", .state = CandleState::gap});
  CHECK(equity().empty());  // no price is known
  desk.candle({.minute = 1, .close = "100", .state = CandleState::gap});
  CHECK(equity() == "[0 at 120: 10000 + 0 @ 100 = 10000][1 at 120: 10000 + 0 @ 100 = 10000]");
  desk.candle({.minute = 2, .close = "100", .probability = 0.55});
  CHECK(equity() == "[0 at 180: 5000 + 50 @ 100 = 10000][1 at 180: 10000 + 0 @ 100 = 10000]");
  desk.candle({.minute = 3, .close = "0", .state = CandleState::gap});
  CHECK(equity() == "[0 at 240: 5000 + 50 @ 100 = 10000][1 at 240: 10000 + 0 @ 100 = 10000]");
  desk.candle({.minute = 4, .close = "120"});
  CHECK(equity() == "[0 at 300: 5000 + 50 @ 120 = 11000][1 at 300: 10000 + 0 @ 120 = 10000]");
}

TEST_CASE("a market that runs away: no wrap, no abort, no equity where it does not fit") {
  PaperSettings settings = free_of_charge();
  settings.starting_balance = money("92233720368");
  Desk desk(settings);
  CHECK(desk.candle({.minute = 0, .close = "0.00000000001", .probability = 0.9}) ==
        "buy 4611686018400000000000 @ 0.00000000001 fee 0 at 61");
  CHECK(desk.candle({.minute = 1, .close = "0.000000000001", .probability = 0.9}).empty());  // beyond 1.2e22
  CHECK(desk.report.equity.size() == 1);
  CHECK(desk.candle({.minute = 2, .close = "10000000000", .probability = 0.1}).empty());
  CHECK(desk.report.equity.empty());
  CHECK(desk.candle({.minute = 3, .close = "0.00000000001", .probability = 0.1}).substr(0, 4) == "sell");
}

TEST_CASE("costs: a round trip at one price loses fee, spread and slippage") {
  PaperSettings settings;
  settings.costs = {.fee = Fraction::basis_points(26),
                    .half_spread = Fraction::basis_points(1),
                    .slippage = Fraction::basis_points(1),
                    .minimum_order = money("5"),
                    .maker_fee = {}};
  settings.latency = Duration::seconds(1);
  Desk desk(settings);
  desk.candle({.minute = 0, .probability = 0.9});
  // 5000 / 1.0026 / 100.02 = 49.8603650504...; that times 100.02 = 4987.033712301, fee 12.966287651...
  CHECK(desk.trade(62, "100") == "buy 49.86036505 @ 100.02 fee 12.96628766 at 62");
  CHECK(desk.account() == "5000.00000004 + 49.86036505");
  desk.candle({.minute = 1, .probability = 0.1});
  // Half of it rounded up; times 99.98 = 2492.5196493494, fee 6.480551088...
  CHECK(desk.trade(122, "100") == "sell 24.93018253 @ 99.98 fee 6.48055109 at 122");
  CHECK(desk.account() == "7486.0390983 + 24.93018252");
}

TEST_CASE("accounts are found again by strategy name") {
  const std::vector<StrategySettings> before{{"a", "ultra_aggressive", {}}, {"b", "balanced", {}}};
  Desk desk(free_of_charge(), before);
  desk.candle({.minute = 0, .probability = 0.9});
  StateWriter out;
  desk.trading.save(out);
  const std::string bytes = out.take();

  Desk after(free_of_charge(), {{"new", "dynamic", {}}, {"a", "ultra_aggressive", {}}});
  StateReader in(bytes);
  REQUIRE(after.trading.load(in));
  CHECK(in.at_end());
  CHECK(after.account(0) == "10000 + 0");
  CHECK(after.account(1) == "5000 + 50");
  CHECK(after.candle({.minute = 1, .probability = 0.51}) == "buy 25 @ 100 fee 0 at 121");
  CHECK(index_of(after.fills[0].strategy) == 1);
  CHECK(after.fills[0].number == 2);
}

TEST_CASE("settings are checked") {
  const auto check = [](auto change, const std::string& expected) {
    PaperSettings settings;
    change(settings);
    const Result<void> result = check_settings(settings);
    CHECK((result ? "" : result.error().message) == expected);
  };
  check([](PaperSettings&) {}, "");
  check([](PaperSettings& s) { s.starting_balance = {}; }, "starting_balance is not positive");
  check([](PaperSettings& s) { s.latency = Duration::seconds(-1); }, "latency is negative");
  check([](PaperSettings& s) { s.stale_after = Duration::seconds(-1); }, "stale_after is negative");
  check([](PaperSettings& s) { s.costs.minimum_order = Money::from_units(-1); }, "minimum_order is negative");
}

}  // namespace
}  // namespace candled::trading::testing
