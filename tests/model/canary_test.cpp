#include "model/canary.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "candled/model/validation.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

// Rows that know the future of the candles they are made of, as a wrong index would give.
TrainingRows rows_that_look_ahead(std::span<const Candle> candles, Duration interval) {
  TrainingRows rows;
  rows.feature_names = {"noise_a", "edge", "noise_b", "sometimes"};
  rows.feature_hash = "hash-of-four";
  rows.interval = interval;
  for (std::size_t i = 0; i < candles.size(); ++i) {
    rows.open_times.push_back(candles[i].open_time);
    rows.closes.push_back(candles[i].close);
    rows.states.push_back(candles[i].state);
    const double ahead = i + 1 < candles.size() ? candles[i + 1].close.to_double() - candles[i].close.to_double() : 0;
    const double behind = i > 0 ? candles[i].close.to_double() - candles[i - 1].close.to_double() : 0;
    rows.features.insert(rows.features.end(), {behind, ahead, 0.5, 1.0});
  }
  return rows;
}

TrainingRows honest_rows(std::span<const Candle> candles, Duration interval) {
  TrainingRows rows = rows_that_look_ahead(candles, interval);
  for (std::size_t i = 0; i < rows.size(); ++i) rows.features[i * 4 + 1] = i > 5 ? rows.features[(i - 5) * 4] : 0.0;
  return rows;
}

TrainingSettings settings_with(std::function<TrainingRows(std::span<const Candle>, Duration)> make_rows) {
  TrainingSettings settings;
  settings.algorithm = GbdtSettings{.rounds = 40, .depth = 3};
  settings.canaries.make_rows = std::move(make_rows);
  return settings;
}

}  // namespace

TEST_CASE("features that know the future make a canary sing") {
  const TrainingRows rows = made_rows(3000, 0.6, 3);
  const auto leaking = train(rows, settings_with(rows_that_look_ahead));
  REQUIRE(leaking.has_value());
  REQUIRE(leaking->canaries.size() == 2);
  CHECK(leaking->canaries[0].name == "shuffled labels");
  CHECK(leaking->canaries[0].passed());
  CHECK(leaking->canaries[1].name == "random walk");
  CHECK_FALSE(leaking->canaries[1].passed());
  CHECK(leaking->canaries[1].auc > 0.6);
  CHECK(leaking->is_leaking());

  const auto honest = train(rows, settings_with(honest_rows));
  REQUIRE(honest->canaries.size() == 2);
  CHECK_FALSE(honest->is_leaking());
}

TEST_CASE("the features of this build know nothing of the future") {
  const std::vector<Candle> candles = random_walk(3000, Duration::minutes(1), 5);
  const auto model = train(feature_rows(candles, Duration::minutes(1)), settings_with({}));
  REQUIRE(model.has_value());
  REQUIRE(model->canaries.size() == 2);
  CHECK_FALSE(model->is_leaking());
  CHECK_FALSE(model->metrics.has_edge());
}

TEST_CASE("no walk is tried with features of another build") {
  const auto model = train(made_rows(1500, 0.6, 4), settings_with({}));
  REQUIRE(model->canaries.size() == 1);
  CHECK(model->canaries[0].name == "shuffled labels");
  CHECK(model->canaries[0].rows > 200);
}

TEST_CASE("a shuffled split is what the shuffled labels are for: neighbours share theirs") {
  // The study behind docs/models.md in small. On a random walk, with labels that overlap, a split that ignores time finds
  // a lot where there is nothing; the purged one does not.
  const Duration horizon = Duration::minutes(15);
  const TrainingRows rows = feature_rows(random_walk(2500, Duration::minutes(1), 8), Duration::minutes(1));
  const Sample real = labelled_sample(rows, horizon, {})->sample;
  TrainingSettings settings;
  settings.horizon = settings.embargo = horizon;
  settings.algorithm = GbdtSettings{.rounds = 60, .stopping_rows_min = SIZE_MAX, .depth = 6, .eta = 0.2};
  for (const Sample& sample : {real, with_shuffled_labels(real, 15, 1)}) {
    std::vector<std::size_t> every_fifth, others;
    for (std::size_t i = 0; i < sample.size(); ++i) (i * 7919 % 5 == 0 ? every_fifth : others).push_back(i);
    const auto auc_of = [&](const Sample& learn, const Sample& test) {
      Reporter reporter({}, 0);
      const Vote vote = *fit_vote(settings.algorithm, learn, settings, reporter);
      return area_under_roc(*vote_on(vote, test, reporter), test.labels);
    };
    const Split split = chronological_split(sample.open_times, 0.2, horizon, horizon);
    const double shuffled = auc_of(sample.at(others), sample.at(every_fifth));
    const double purged = auc_of(sample.slice(0, split.training_end), sample.slice(split.holdout_begin, sample.size()));
    INFO("shuffled " << shuffled << ", purged " << purged);
    CHECK(shuffled > 0.72);
    CHECK(purged < 0.64);
    const Sample test = sample.at(every_fifth);
    CHECK(shuffled > chance_auc_max(std::vector<double>(test.size(), 0.5), test.labels, 15) + 0.1);
  }
}

TEST_CASE("chance: predictions without knowledge stay below the bar, also where they hang together in time") {
  int above = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<double> said;
    std::vector<Label> came;
    double slow = 0, price = 0;
    std::vector<double> prices;
    for (int i = 0; i < 1015; ++i) {
      slow = 0.98 * slow + uniform(random) - 0.5;
      price += uniform(random) - 0.5;
      said.push_back(slow);
      prices.push_back(price);
    }
    for (std::size_t i = 0; i + 15 < prices.size(); ++i)
      came.push_back(prices[i + 15] > prices[i] ? Label::up : Label::not_up);
    said.resize(came.size());
    above += area_under_roc(said, came) > chance_auc_max(said, came, 15) ? 1 : 0;
  }
  CHECK(above <= 3);
}

TEST_CASE("shuffled labels keep their blocks and leave their rows") {
  const Sample sample = labelled_sample(made_rows(1001, 0.6, 3), Duration::minutes(5), {})->sample;
  const Sample shuffled = with_shuffled_labels(sample, 5, 9);
  REQUIRE(shuffled.size() == sample.size());
  const bool same_values =
      std::memcmp(shuffled.values.data(), sample.values.data(), sample.values.size() * sizeof(float)) == 0;  // NaN too
  CHECK(same_values);
  CHECK(std::ranges::count(shuffled.labels, Label::up) == std::ranges::count(sample.labels, Label::up));
  std::size_t same = 0, changes = 0, changes_before = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    same += shuffled.labels[i] == sample.labels[i] ? 1U : 0U;
    changes += i > 0 && shuffled.labels[i] != shuffled.labels[i - 1] ? 1U : 0U;
    changes_before += i > 0 && sample.labels[i] != sample.labels[i - 1] ? 1U : 0U;
  }
  CHECK(same < sample.size() * 7 / 10);
  CHECK(changes == Approx(static_cast<double>(changes_before))
                       .margin(25));  // 20 blocks, at most one change more or less at each edge
}
