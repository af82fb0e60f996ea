// The three rules, their strict thresholds, and the check of the config.
#include <catch2/catch.hpp>
#include <cmath>

#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

// "buy CASH", "sell PART" or "nothing" for cash 1000 and position 2.
std::string intent_of(const char* kind, double p, const char* cash = "1000", const char* position = "2") {
  const StrategyView view{.probability_up = p,
                          .signal_up = p > 0.5,
                          .cash = money(cash),
                          .position = amount_of(position),
                          .price = price("100"),
                          .holds = quantity(position).is_positive()};
  const StrategyKind& found = *find_strategy_kind(kind);
  const OrderIntent intent = found.decide(view, standard_parameters(found));
  CHECK_FALSE(intent.reason.empty());
  switch (intent.kind) {
    case OrderIntent::Kind::nothing: return "nothing";
    case OrderIntent::Kind::buy: return "buy " + intent.spend.to_text();
    case OrderIntent::Kind::sell: return "sell " + decimal_text(intent.sell.units(), 12);
  }
  return "?";
}

TEST_CASE("strategies decide as the table says") {
  struct Row {
    const char* kind;
    double p;
    const char* expected;
  };
  const double above = 1e-9;
  const Row rows[] = {
      {"dynamic", 0.55, "nothing"},
      {"dynamic", 0.5500001, "buy 250.0001"},
      {"dynamic", 0.60, "buy 300"},
      {"dynamic", 0.6123456789, "buy 312.3456789"},
      {"dynamic", 0.80, "buy 500"},
      {"dynamic", 0.95, "buy 500"},
      {"dynamic", 1.0, "buy 500"},
      {"dynamic", 0.51, "nothing"},
      {"dynamic", 0.50, "sell 0.75"},
      {"dynamic", 0.10, "sell 0.75"},
      {"balanced", 0.60, "nothing"},
      {"balanced", 0.60 + above, "buy 250"},
      {"balanced", 1.0, "buy 250"},
      {"balanced", 0.50 + above, "nothing"},
      {"balanced", 0.50, "sell 0.75"},
      {"balanced", 0.0, "sell 0.75"},
      {"ultra_aggressive", 0.50 + above, "buy 500"},
      {"ultra_aggressive", 1.0, "buy 500"},
      {"ultra_aggressive", 0.50, "sell 0.5"},
      {"ultra_aggressive", 0.2, "sell 0.5"},
      {"threshold", 0.50, "nothing"},  // holds a position
      {"threshold", 0.50 - above, "sell 1"},
      {"threshold", 0.99, "nothing"},
      {"vote_hold", 0.55, "nothing"},
      {"vote_hold", 0.55 + above, "buy 100.000002"},
      {"vote_hold", 0.75, "buy 500"},
      {"vote_hold", 1.0, "buy 1000"},
      {"vote_hold", 0.46, "nothing"},
      {"vote_hold", 0.25, "sell 0.5"},
      {"vote_hold", 0.0, "sell 1"},
      {"buy_and_hold", 0.0, "nothing"},
      {"flat", 1.0, "nothing"},
  };
  for (const Row& row : rows) {
    INFO(row.kind << " at " << row.p);
    CHECK(intent_of(row.kind, row.p) == row.expected);
  }
}

TEST_CASE("threshold enters only without a position; its bounds are parameters of the instance") {
  CHECK(intent_of("threshold", 0.55, "1000", "0") == "nothing");
  CHECK(intent_of("threshold", 0.5500001, "1000", "0") == "buy 1000");
  CHECK(intent_of("threshold", 0.1, "1000", "0") == "nothing");
  Desk desk(free_of_charge(),
            {{"a", "dynamic", {}}, {"b", "dynamic", {}, {}, {{"enter", 0.7}, {"size", 0.1}, {"sell", 1}}}});
  CHECK(desk.candle({.minute = 0, .probability = 0.6}) == "buy 30 @ 100 fee 0 at 61");
  CHECK(desk.candle({.minute = 1, .probability = 0.71}) == "buy 28.7 @ 100 fee 0 at 121; buy 11 @ 100 fee 0 at 121");
  CHECK(desk.candle({.minute = 2, .probability = 0.4}) == "sell 44.025 @ 100 fee 0 at 181; sell 11 @ 100 fee 0 at 181");
}

TEST_CASE("no cash, nothing to buy; no position, nothing to sell") {
  for (const StrategyKind& kind : strategy_kinds()) {
    CHECK(intent_of(kind.name.data(), 0.9, "0") == "nothing");
    if (kind.needs_prediction) CHECK(intent_of(kind.name.data(), 0.1, "1000", "0") == "nothing");
  }
}

TEST_CASE("every kind is listed once and found by its name") {
  std::string names;
  for (const StrategyKind& kind : strategy_kinds()) {
    names += std::string(kind.name) + " ";
    CHECK(find_strategy_kind(kind.name) == &kind);
  }
  CHECK(names == "dynamic balanced ultra_aggressive threshold vote_hold buy_and_hold flat ");
  CHECK(find_strategy_kind("") == nullptr);
  CHECK(find_strategy_kind("Dynamic") == nullptr);
}

TEST_CASE("strategies of the config are checked") {
  const auto check = [](std::vector<StrategySettings> strategies, const std::string& expected) {
    const Result<void> result = check_strategies(strategies, Duration::minutes(1));
    CHECK((result ? "" : result.error().message) == expected);
  };
  check({}, "");
  check({{"a", "dynamic", {}}, {"b", "dynamic", Duration::minutes(5)}}, "");
  check({{"a", "dynamo", {}}},
        "strategy 'a': unknown kind 'dynamo' (valid: dynamic, balanced, ultra_aggressive, threshold, vote_hold, "
        "buy_and_hold, flat)");
  check({{"a", "dynamic", {}}, {"a", "balanced", {}}}, "two strategies are named 'a'");
  check({{"", "dynamic", {}}}, "a strategy has no name");
  check({{"a", "dynamic", {}, {}, {{"enter", 0.6}, {"stop_loss", 0.1}}}}, "");
  check({{"a", "balanced", {}, {}, {{"leave", 0.6}}}},
        "strategy 'a': unknown parameter 'leave' (valid: enter, size, sell, stop_loss, take_profit, trailing_stop, "
        "maximum_position, "
        "maximum_drawdown, minimum_edge, limit_offset)");
  check({{"a", "dynamic", {}, {}, {{"enter", 1.5}}}}, "strategy 'a': enter is 1.5, outside 0.5 to 1");
  check({{"a", "dynamic", {}, {}, {{"enter", std::nan("")}}}}, "strategy 'a': enter is nan, outside 0.5 to 1");
  check({{"a", "dynamic", {}, {}, {{"size_max", 0.1}}}}, "strategy 'a': size 0.25 is above size_max 0.1");
  check({{"a", "threshold", {}, {}, {{"leave", 0.7}}}}, "strategy 'a': leave 0.7 is above enter 0.55");
  check({{"a", "dynamic", {}, Duration::minutes(-1)}}, "strategy 'a': cooldown is negative");
  const std::string bad_step = "strategy 'a': decide_every is not a multiple of the candle interval 1m";
  check({{"a", "dynamic", Duration::seconds(90)}}, bad_step);
  check({{"a", "dynamic", Duration::minutes(-1)}}, bad_step);
}

TEST_CASE("the benchmarks always run, once, under names of their own") {
  const auto names = [](std::vector<StrategySettings> strategies) -> std::string {
    const Result<std::vector<StrategySettings>> all = with_benchmarks(std::move(strategies));
    if (!all) return all.error().message;
    std::string text;
    for (const StrategySettings& strategy : *all) text += strategy.name + " ";
    return text;
  };
  CHECK(names({}) == "buy_and_hold flat ");
  CHECK(names({{"a", "dynamic"}}) == "a buy_and_hold flat ");
  CHECK(names({{"flat", "flat"}, {"a", "dynamic"}}) == "flat a buy_and_hold ");
  const std::string taken =
      "strategy 'flat': the name belongs to the benchmark that always runs, of that kind and without options";
  CHECK(names({{"flat", "dynamic"}}) == taken);
  CHECK(names({{"flat", "flat", {}, {}, {{"stop_loss", 0.1}}}}) == taken);
}

TEST_CASE("fractions are exact") {
  CHECK(Fraction::from_double(0.75).units() == 750'000'000'000);
  CHECK(Fraction::from_double(0.1 + 0.2).units() == 300'000'000'000);
  CHECK(Fraction::from_double(-1).units() == 0);
  CHECK(Fraction::from_double(std::nan("")).units() == 0);
  CHECK(Fraction::from_double(7).units() == Fraction::one);

  CHECK(Fraction::from_double(0.5).nearest_of(3) == 2);
  CHECK(Fraction::from_double(0.5).nearest_of(1) == 1);
  CHECK(Fraction::from_double(0.25).nearest_of(1) == 0);
  CHECK(Fraction::from_double(1).nearest_of(INT64_MAX) == INT64_MAX);
  CHECK(Fraction::from_double(0.5).nearest_of(INT64_MAX) == INT64_MAX / 2 + 1);
  CHECK(Fraction::basis_points(1).ceiling_of(10'000) == 1);
  CHECK(Fraction::basis_points(1).ceiling_of(10'001) == 2);
  CHECK(Fraction::basis_points(1).ceiling_of(0) == 0);
  CHECK(Fraction::from_double(1e-12).ceiling_of(1) == 1);

  CHECK(Fraction::from_basis_points(2.5).value().units() == 250'000'000);
  CHECK(Fraction::from_basis_points(0.01).value().units() == 1'000'000);
  CHECK(Fraction::from_basis_points(26).value() == Fraction::basis_points(26));
  CHECK(Fraction::from_basis_points(0.07).value().units() == 7'000'000);
  CHECK(Fraction::from_basis_points(5000).value() == Fraction::from_double(0.5));
  for (const double bad : {-0.01, 5000.01, 0.001, 2.505, std::nan(""), HUGE_VAL}) {
    CHECK_FALSE(Fraction::from_basis_points(bad));
  }
  CHECK(Fraction::from_basis_points(-3).error().message ==
        "-3 is not a number of basis points: 0 to 5000 in steps of 0.01");
}

TEST_CASE("what a cost leaves of a sum is the most that fits") {
  for (const std::int64_t hundredths : {0, 1, 26, 40, 2600, 10'000, 500'000}) {
    const Fraction cost = Fraction::from_basis_points(static_cast<double>(hundredths) / 100).value();
    for (const std::int64_t whole : {0L, 1L, 2L, 99L, 10'000L, 123'456'789L, 1'000'000'000'000L, INT64_MAX}) {
      const auto x = static_cast<std::int64_t>(cost.largest_with_cost_within(Money::from_units(whole)).units());
      INFO(hundredths << " of " << whole << ": " << x);
      CHECK(x + cost.ceiling_of(x) <= whole);
      if (x < whole) CHECK(cost.ceiling_of(x + 1) > whole - (x + 1));
    }
  }
}

}  // namespace
}  // namespace candled::trading::testing
