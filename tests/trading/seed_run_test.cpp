// The strategies against 264 recorded steps of each, made by the system that they come from.
//
// That system took the newest prediction that it had, and some came in long after their candle: the files don't say which
// one a step used. So: one prediction must explain the same step of all three strategies, and the predictions so found
// must never go back in time.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

constexpr std::array names{"dynamic", "balanced", "ultra_aggressive"};

struct RecordedPrediction {
  Timestamp end;
  double probability;
};

struct Holdings {
  double cash = 0, position = 0;
};

// One moment at which all three decided.
struct Step {
  Timestamp time;
  std::string price;
  std::array<Holdings, 3> after;
};

struct SeedRun {
  std::vector<RecordedPrediction> predictions;
  std::vector<Step> steps;  // the first is the start
};

std::vector<std::vector<std::string>> rows(const std::filesystem::path& file) {
  std::vector<std::vector<std::string>> all;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);  // the header
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    all.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) all.back().push_back(cell);
  }
  return all;
}

Timestamp time_of(std::string text) {
  text[10] = 'T';
  return parse_rfc3339(text + "Z").value();
}

// Nothing where the files are absent.
std::optional<SeedRun> read_seed_run() {
  std::filesystem::path data = std::filesystem::path(CANDLED_SOURCE_DIR).parent_path() / "shared/data";
  if (const char* set = std::getenv("CANDLED_DATA")) data = set;
  const std::filesystem::path folder = data / "seed-run";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no recorded run at " << folder);
    return std::nullopt;
  }
  SeedRun run;
  for (const auto& row : rows(folder / "charan_predictions.csv")) {
    run.predictions.push_back({time_of(row.at(1)), std::stod(row.at(3))});
  }
  std::map<std::int64_t, Step> steps;
  for (const auto& row : rows(folder / "charan_tradebot_state.csv")) {
    const Timestamp time = time_of(row.at(4));
    Step& step = steps[time.ns];
    step.time = time;
    step.price = row.at(3);
    const auto index = static_cast<std::size_t>(std::ranges::find(names, row.at(0)) - names.begin());
    step.after.at(index) = {std::stod(row.at(1)), std::stod(row.at(2))};
  }
  for (const auto& [time, step] : steps) run.steps.push_back(step);
  REQUIRE(run.predictions.size() == 592);
  REQUIRE(run.steps.size() == 265);
  return run;
}

// What our strategy makes of recorded holdings, with the arithmetic of the other system.
Holdings step_of(std::size_t strategy, const Holdings& before, double p, double at_price) {
  const StrategyKind& kind = *find_strategy_kind(names[strategy]);
  const StrategyView view{.probability_up = p,
                          .signal_up = p > 0.5,
                          .cash = Money::from_units(std::llround(before.cash * 1e8)),
                          .position = Amount::from_units(static_cast<std::int64_t>(std::ceil(before.position * 1e8))),
                          .price = {}};
  const OrderIntent intent = kind.decide(view, standard_parameters(kind));
  switch (intent.kind) {
    case OrderIntent::Kind::nothing: break;
    case OrderIntent::Kind::buy: {
      const double spend = intent.spend.to_double();
      return {before.cash - spend, before.position + spend / at_price};
    }
    case OrderIntent::Kind::sell: {
      const double sold =
          before.position * static_cast<double>(intent.sell.units()) / static_cast<double>(Fraction::one);
      return {before.cash + sold * at_price, before.position - sold};
    }
  }
  return before;
}

bool explains(double p, const Step& before, const Step& after) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Holdings made = step_of(i, before.after[i], p, std::stod(after.price));
    if (std::abs(made.cash - after.after[i].cash) > 1e-6) return false;
    if (std::abs(made.position - after.after[i].position) > 1e-6) return false;
  }
  return true;
}

// The probability used at each step but the first, in the order of the predictions.
std::vector<double> probabilities_used(const SeedRun& run) {
  std::vector<double> used;
  std::size_t newest = 0;
  for (std::size_t i = 1; i < run.steps.size(); ++i) {
    std::size_t found = newest;
    while (found < run.predictions.size() && run.predictions[found].end <= run.steps[i].time &&
           !explains(run.predictions[found].probability, run.steps[i - 1], run.steps[i])) {
      ++found;
    }
    INFO("step " << i << " at " << to_iso8601(run.steps[i].time));
    REQUIRE(found < run.predictions.size());
    REQUIRE(run.predictions[found].end <= run.steps[i].time);
    newest = found;
    used.push_back(run.predictions[found].probability);
  }
  return used;
}

TEST_CASE("each of 3 x 264 recorded steps follows the rules to 1e-6") {
  const std::optional<SeedRun> run = read_seed_run();
  if (!run) return;
  CHECK(probabilities_used(*run).size() == 264);
}

TEST_CASE("without costs and latency the whole recorded run is reproduced from its start") {
  const std::optional<SeedRun> run = read_seed_run();
  if (!run) return;
  const std::vector<double> used = probabilities_used(*run);
  Desk desk(free_of_charge(), {{names[0], names[0], {}}, {names[1], names[1], {}}, {names[2], names[2], {}}});
  std::size_t fills = 0;
  double worst_cash = 0, worst_position = 0;
  for (std::size_t i = 1; i < run->steps.size(); ++i) {
    const Step& step = run->steps[i];
    desk.candle({.minute = static_cast<std::int64_t>(i), .close = step.price.c_str(), .probability = used[i - 1]});
    fills += desk.fills.size();
    for (std::size_t s = 0; s < names.size(); ++s) {
      const PaperAccount& account = desk.trading.accounts()[s];
      worst_cash = std::max(worst_cash, std::abs(account.cash().to_double() - step.after[s].cash));
      worst_position = std::max(worst_position, std::abs(account.position().to_double() - step.after[s].position));
    }
  }
  CAPTURE(worst_cash, worst_position);
  // Ours trades whole 1e-8 of the base currency, which are worth 0.0009 here, and pays exactly for what it gets.
  CHECK(worst_cash < 0.005);
  CHECK(worst_position < 1e-7);
  CHECK(fills > 300);  // the other steps move less than our smallest units
}

}  // namespace
}  // namespace candled::trading::testing
