#include "candled/model/promotion.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "candled/model/drift.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

LoadedModel loaded(const TrainingRows& rows, const std::string& name, int rounds) {
  TrainingSettings settings;
  settings.algorithm = GbdtSettings{.rounds = rounds, .depth = 3, .eta = 0.2};
  settings.horizon = settings.embargo = Duration::minutes(1);
  settings.canaries = {.shuffled_labels = false, .random_walk = false};
  const TrainedModel model = *train(rows, settings);
  LoadedModel out;
  out.predictor = predictor_of_model(model);
  out.summary.record.name = name;
  out.summary.record.feature_hash = model.feature_hash;
  out.summary.record.trained_to = model.trained_to;
  out.summary.horizon = model.horizon;
  out.summary.interval = model.interval;
  return out;
}

TrainingRows first_rows(const TrainingRows& all, std::size_t count) {
  TrainingRows rows = all;
  rows.open_times.resize(count);
  rows.closes.resize(count);
  rows.states.resize(count);
  rows.features.resize(count * rows.feature_names.size());
  return rows;
}

}  // namespace

TEST_CASE("two models are compared on rows that neither has learned from") {
  const TrainingRows rows = made_rows(4000, 0.7, 51);
  const LoadedModel champion = loaded(first_rows(rows, 300), "20260101_000000", 1);
  const LoadedModel challenger = loaded(rows, "20260102_000000", 40);
  const Result<Comparison> comparison = compare_models(champion, challenger, rows);
  REQUIRE(comparison.has_value());
  CHECK(comparison->from >= challenger.summary.record.trained_to);
  CHECK(comparison->from < challenger.summary.record.trained_to + Duration::minutes(2));
  CHECK(comparison->to == minute(3998));
  CHECK(comparison->rows == Approx(800).margin(5));
  CHECK(comparison->gain == Approx(comparison->champion_log_loss - comparison->challenger_log_loss));
  CHECK(comparison->gain > 0);
  CHECK(comparison->gain_interval.low > 0);
  CHECK(compare_models(challenger, champion, rows)->gain == Approx(-comparison->gain));
  CHECK(compare_models(champion, champion, rows)->gain == 0);

  CHECK(compare_models(champion, challenger, first_rows(rows, 3204)).error().message ==
        "models 20260101_000000 and 20260102_000000 have 4 fresh rows in common, at least 10 are needed");
  LoadedModel other = challenger;
  other.summary.horizon = Duration::minutes(5);
  CHECK(compare_models(champion, other, rows).error().message ==
        "models 20260101_000000 and 20260102_000000 predict different horizons (1m and 5m)");
  other = challenger;
  other.summary.record.feature_hash = "other";
  CHECK_FALSE(compare_models(champion, other, rows).has_value());
}

TEST_CASE("who is promoted") {
  ModelSummary honest, leaking;
  leaking.is_leaking = true;
  Comparison better, worse;
  better.gain = 0.001;
  worse.gain = -0.001;
  const Result<Comparison> none = refuse("4 fresh rows in common");
  const auto promoted = [&](PromotionRule rule, const ModelSummary& model, bool has_champion,
                            const Result<Comparison>& c) {
    const Decision decision = decide_promotion(rule, model, has_champion, c);
    CHECK_FALSE(decision.why.empty());
    return decision.promote;
  };
  for (const PromotionRule rule : {PromotionRule::better, PromotionRule::always, PromotionRule::manual}) {
    CHECK(promoted(rule, honest, false, none));
    CHECK_FALSE(promoted(rule, leaking, false, none));
    CHECK_FALSE(promoted(rule, leaking, true, better));
    CHECK(*promotion_rule_named(name_of(rule)) == rule);
  }
  CHECK(promoted(PromotionRule::better, honest, true, better));
  CHECK_FALSE(promoted(PromotionRule::better, honest, true, worse));
  CHECK_FALSE(promoted(PromotionRule::better, honest, true, none));
  CHECK(promoted(PromotionRule::always, honest, true, worse));
  CHECK_FALSE(promoted(PromotionRule::manual, honest, true, better));
  better.gain = 0;
  CHECK_FALSE(promoted(PromotionRule::better, honest, true, better));
  CHECK_FALSE(promotion_rule_named("best").has_value());
}

TEST_CASE("rollback and prune") {
  const std::vector<std::string> list = {"a", "b", "c", "d"};
  CHECK(rollback_target(std::vector<std::string>{"a", "b", "c"}, list) == "b");
  CHECK(rollback_target(std::vector<std::string>{"a", "c", "b", "c"}, list) == "b");
  CHECK(rollback_target(std::vector<std::string>{"a", "gone", "c", "c"}, list) == "a");
  CHECK_FALSE(rollback_target(std::vector<std::string>{"a"}, list).has_value());
  CHECK_FALSE(rollback_target({}, list).has_value());
  CHECK(models_to_prune(list, std::vector<std::string>{"a"}, 1) == std::vector<std::string>{"b", "c"});
  CHECK(models_to_prune(list, {}, 9).empty());
  CHECK(models_to_prune(list, {}, 0) == list);
  CHECK(is_expired(minute(0), minute(61), Duration::hours(1)));
  CHECK_FALSE(is_expired(minute(0), minute(60), Duration::hours(1)));
}

TEST_CASE("live scores by hand") {
  const std::vector<double> said = {0.9, 0.2, 0.6, 0.5};
  const std::vector<Label> came = {Label::up, Label::up, Label::not_up, Label::not_up};
  const LiveScore score = score_live(said, came, 1);
  CHECK(score.rows == 4);
  CHECK(score.hit_rate == 0.5);
  CHECK(score.brier == Approx((0.01 + 0.64 + 0.36 + 0.25) / 4));
  CHECK(score.log_loss == Approx(-(std::log(0.9) + std::log(0.2) + std::log(0.4) + std::log(0.5)) / 4));
  CHECK(score.hit_rate_interval.low <= 0.5);
  CHECK(score.hit_rate_interval.high >= 0.5);
  CHECK(std::isnan(score_live({}, {}, 1).hit_rate));
}

TEST_CASE("drift: the stability index tells the same from the moved") {
  std::mt19937_64 random(1);
  std::vector<double> learned;
  for (int i = 0; i < 5000; ++i) {
    learned.push_back(i % 10 == 0 ? std::numeric_limits<double>::quiet_NaN() : uniform(random));
    learned.push_back(7);  // the second column is constant
  }
  const DriftBins bins = drift_bins(learned, 0, 2);
  CHECK(bins.edges.size() == 9);
  CHECK(bins.shares.back() == Approx(0.1));
  const DriftBins constant = drift_bins(learned, 1, 2);
  CHECK(constant.edges.empty());
  REQUIRE(constant.shares.size() == 2);
  CHECK(constant.shares[0] == Approx(1));
  CHECK(constant.shares[1] == 0);
  const auto index = [&](const DriftBins& reference, auto&& make) {
    DriftCounter counter(reference);
    CHECK(std::isnan(counter.stability_index()));
    for (int i = 0; i < 2000; ++i) counter.add(make(i));
    CHECK(counter.rows() == 2000);
    return counter.stability_index();
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(index(bins, [&](int i) { return i % 10 == 0 ? nan : uniform(random); }) < 0.02);
  CHECK(index(bins, [&](int i) { return i % 10 == 0 ? nan : uniform(random) * 0.7; }) > 0.25);
  CHECK(index(bins, [&](int) { return nan; }) > 1);
  CHECK(index(constant, [](int) { return 7.0; }) < 0.01);
  CHECK(index(constant, [](int) { return 8.0; }) < 0.01);  // one bin: it cannot tell
  // By hand: shares one half and one half become one quarter and three quarters.
  const DriftBins halves{{0.0}, {0.5, 0.5, 0.0}};
  DriftCounter counter(halves);
  for (const double value : {-1.0, 1.0, 2.0, 3.0}) counter.add(value);
  CHECK(counter.stability_index() == Approx(-0.25 * std::log(0.5) + 0.25 * std::log(1.5)));

  const DriftReference reference{{bins, constant}, halves};
  const Result<DriftReference> back = parse_drift_reference(to_json(reference), 2);
  REQUIRE(back.has_value());
  CHECK(back->features[0].edges == bins.edges);
  CHECK(back->features[0].shares == bins.shares);
  CHECK(back->predictions.shares == halves.shares);
  for (const std::string_view bad :
       {"", "[]", "{}", R"({"predictions":{"edges":[],"shares":[1]},"features":[]})",
        R"({"predictions":{"edges":[2,1],"shares":[1,0,0,0]},"features":[]})",
        R"({"predictions":{"edges":[],"shares":[1e999,0]},"features":[]})",
        R"({"predictions":{"edges":[],"shares":[1,0]},"features":[{"edges":[],"shares":[1,0]}]})"}) {
    INFO(bad);
    CHECK_FALSE(parse_drift_reference(bad, 2).has_value());
  }
}
