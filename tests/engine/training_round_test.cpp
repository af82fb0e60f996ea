// One training as the daemon does it: what it leaves in the directory, and what it decides.
#include "candled/engine/training_round.hpp"

#include <catch2/catch.hpp>

#include "candled/engine/holdout_trading.hpp"
#include "model/model_directory.hpp"

namespace candled::engine {
namespace {

using model::TemporaryDirectory;

// Prices of about 1,000, so that paper accounts can trade them; a step is 0.1 %.
model::TrainingRows tradable_rows(std::size_t count, double edge_share, std::uint64_t seed) {
  model::TrainingRows rows = model::made_rows(count, edge_share, seed);
  for (Price& close : rows.closes)
    close = Price::from_units(1'000 * Price::scale + (close.usual_units().value() - 1'000'000) * Price::scale);
  return rows;
}

RoundSettings small_round(const TemporaryDirectory& directory) {
  RoundSettings settings;
  settings.directory = directory.text();
  settings.training.algorithm = model::GbdtSettings{.rounds = 30, .depth = 3};
  settings.training.horizon = settings.training.embargo = Duration::minutes(1);
  settings.strategies = {{"mine", "threshold", {}, {}, {{"enter", 0.5}, {"leave", 0.5}}}};
  return settings;
}

}  // namespace

TEST_CASE("the first model serves, a better one takes its place, a worse one does not") {
  TemporaryDirectory directory;
  const RoundSettings settings = small_round(directory);
  // The champion learned from a market without anything to find.
  const model::TrainingRows noise = tradable_rows(1'500, 0.5, 1), signal = tradable_rows(1'500, 0.75, 2);
  const Result<TrainingRound> first = train_round(noise, settings, model::created, nullptr);
  REQUIRE(first.has_value());
  CHECK(first->decision.promote);
  CHECK(first->loaded.record.name == model::name);
  CHECK_FALSE(first->comparison.has_value());

  const Result<TrainingRound> better = train_round(signal, settings, model::created, &first->loaded);
  REQUIRE(better.has_value());
  CHECK(better->decision.promote);
  REQUIRE(better->comparison.has_value());
  CHECK(better->comparison->gain > 0);
  CHECK(better->loaded.record.name == "20260825_041501");  // the next free second
  CHECK(better->loaded.summary.parent == first->loaded.record.name);

  // Labels turned round: what the champion learned is wrong there, and a pupil of noise is no better than it is on the signal.
  RoundSettings blind = settings;
  blind.training.algorithm = model::GbdtSettings{.rounds = 1, .rounds_min = 1, .depth = 1, .eta = 0.0001};
  const Result<TrainingRound> worse = train_round(signal, blind, model::created, &better->loaded);
  REQUIRE(worse.has_value());
  CHECK_FALSE(worse->decision.promote);
  CHECK(worse->comparison->gain < 0);
  CHECK(*model::list_models(directory.text()) ==
        std::vector<std::string>{"20260825_041500", "20260825_041501", "20260825_041502"});
}

TEST_CASE("the rule decides: always, and by hand only") {
  TemporaryDirectory directory;
  RoundSettings settings = small_round(directory);
  const model::TrainingRows rows = tradable_rows(800, 0.7, 3);
  settings.promote = model::PromotionRule::manual;
  const Result<TrainingRound> first = train_round(rows, settings, model::created, nullptr);
  REQUIRE(first.has_value());
  CHECK(first->decision.promote);  // the first one always
  const Result<TrainingRound> second = train_round(rows, settings, model::created, &first->loaded);
  REQUIRE(second.has_value());
  CHECK_FALSE(second->decision.promote);
  settings.promote = model::PromotionRule::always;
  const Result<TrainingRound> third = train_round(rows, settings, model::created, &first->loaded);
  REQUIRE(third.has_value());
  CHECK(third->decision.promote);
}

TEST_CASE("what cannot be trained leaves nothing behind") {
  TemporaryDirectory directory;
  RoundSettings settings = small_round(directory);
  const Result<TrainingRound> few = train_round(tradable_rows(20, 0.5, 1), settings, model::created, nullptr);
  REQUIRE_FALSE(few.has_value());
  CHECK(few.error().message.find("too few rows") != std::string::npos);
  settings.training.horizon = Duration::hours(20);
  CHECK_FALSE(train_round(tradable_rows(800, 0.5, 1), settings, model::created, nullptr).has_value());
  settings = small_round(directory);
  const auto cancelled = train_round(tradable_rows(800, 0.5, 1), settings, model::created, nullptr,
                                     [](const model::Progress&) { return false; });
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().remedy == Remedy::retry);
  settings.directory = "/proc/nowhere";
  const Result<TrainingRound> unwritable = train_round(tradable_rows(800, 0.7, 1), settings, model::created, nullptr);
  REQUIRE_FALSE(unwritable.has_value());
  CHECK(unwritable.error().message.find("/proc/nowhere") != std::string::npos);
  CHECK(model::list_models(directory.text())->empty());
}

TEST_CASE("the card names what the strategies made of the hold-out, after costs") {
  TemporaryDirectory directory;
  RoundSettings settings = small_round(directory);
  settings.paper.costs = {.fee = {}, .half_spread = {}, .slippage = {}, .minimum_order = {}, .maker_fee = {}};
  const model::TrainingRows rows = tradable_rows(1'500, 0.8, 4);
  const Result<TrainingRound> free = train_round(rows, settings, model::created, nullptr);
  REQUIRE(free.has_value());
  REQUIRE(free->trained.strategies.size() == 1);
  CHECK(free->trained.strategies[0].name == "mine");
  CHECK(free->trained.strategies[0].trades > 20);
  CHECK(free->trained.strategies[0].net_return > free->trained.strategies[0].buy_and_hold_return);
  settings.paper = {};
  const Result<TrainingRound> costly = train_round(rows, settings, model::created, nullptr);
  REQUIRE(costly.has_value());
  CHECK(costly->trained.strategies[0].net_return < free->trained.strategies[0].net_return);
}

TEST_CASE("perfect knowledge gets rich on the hold-out, and the series is as long as the predictions") {
  const model::TrainingRows rows = tradable_rows(500, 0.5, 5);
  std::vector<Timestamp> times(rows.open_times.begin() + 100, rows.open_times.begin() + 400);
  std::vector<double> knowing;
  for (std::size_t i = 100; i < 400; ++i) knowing.push_back(rows.closes[i + 1] > rows.closes[i] ? 0.9 : 0.1);
  const std::vector<trading::StrategySettings> strategies = {
      {"mine", "threshold", {}, {}, {{"enter", 0.5}, {"leave", 0.5}}}};
  trading::PaperSettings paper;
  paper.costs = {.fee = {}, .half_spread = {}, .slippage = {}, .minimum_order = {}, .maker_fee = {}};
  const HoldoutEquity equity = trade_holdout(rows, {times, knowing, {}, Duration::minutes(1)}, paper, strategies);
  REQUIRE(equity.of_strategy.size() == 1);
  REQUIRE(equity.of_strategy[0].size() == times.size() + 1);
  CHECK(std::is_sorted(equity.of_strategy[0].begin(), equity.of_strategy[0].end()));
  CHECK(equity.of_strategy[0].back() > 1.1 * equity.of_strategy[0].front());
}

}  // namespace candled::engine
