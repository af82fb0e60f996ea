// What the card holds and what comes back of it.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "candled/model/registry.hpp"
#include "model/made_rows.hpp"
#include "model/model_directory.hpp"
#include "model/sha256.hpp"

using namespace candled;
using namespace candled::model;

TEST_CASE("an ensemble with calibration and thresholds comes back bit for bit") {
  TemporaryDirectory directory;
  TrainingSettings settings;
  EnsembleSettings ensemble;
  ensemble.members = {{GbdtSettings{.rounds = 10, .depth = 3}, 3}, {ForestSettings{.trees = 10, .depth = 4}, 1}};
  settings.algorithm = ensemble;
  settings.horizon = Duration::minutes(1);
  settings.parent = "20260101_000000";
  settings.calibration_rows_min = 100;
  const TrainingRows rows = made_rows(900, 0.7, 9);
  for (const CalibrationKind kind : {CalibrationKind::platt, CalibrationKind::isotonic}) {
    settings.calibration = kind;
    TrainedModel model = *train(rows, settings);
    model.thresholds = {0.6, 0.4};
    model.took = Duration::milliseconds(1234);
    const std::string each = kind == CalibrationKind::platt ? name : "20260825_041501";
    REQUIRE(write_model(directory.text(), each, model, created).has_value());
    const auto loaded = load_model(directory.text(), each, four);
    REQUIRE(loaded.has_value());
    CHECK(loaded->record.kind == "ensemble");
    CHECK(loaded->predictor->signal_thresholds() == SignalThresholds{0.6, 0.4});
    CHECK(loaded->summary.parent == "20260101_000000");
    CHECK(loaded->summary.took == Duration::milliseconds(1234));
    CHECK(loaded->summary.training_rows == model.training_rows);
    CHECK(loaded->summary.log_loss == model.metrics.log_loss);
    CHECK(loaded->summary.has_edge == model.metrics.has_edge());
    CHECK_FALSE(loaded->summary.is_leaking);
    const auto before = predictor_of_model(model);
    for (std::size_t i = 0; i < 200; ++i)
      CHECK(loaded->predictor->predict(rows.row(i)) == before->predict(rows.row(i)));
    const auto reference = read_drift_reference(directory.text(), each, 4);
    REQUIRE(reference.has_value());
    CHECK(reference->features[1].edges == model.reference.features[1].edges);
    CHECK(reference->predictions.shares.size() >= 2);
    CHECK_FALSE(read_drift_reference(directory.text(), each, 5).has_value());
  }
  const std::string card = *read_model_card(directory.text(), name);
  for (const char* key :
       {"folds", "walk_forward", "canaries", "importance", "mean_contribution", "gain", "cover", "calibration",
        "part_1.eta", "part_2.num_parallel_tree", "seed", "library", "training_ms", "features", "labels"}) {
    INFO(key);
    CHECK(card.find(fmt::format("\"{}\"", key)) != std::string::npos);
  }
  spill(directory / name / "model_2.ubj", "{}");
  CHECK(load_model(directory.text(), name, four).error().message.find("model_2.ubj: is 2 bytes long") !=
        std::string::npos);
}

TEST_CASE("a model for another horizon is refused") {
  TemporaryDirectory directory;
  REQUIRE(write_model(directory.text(), name, small_model(), created).has_value());
  CHECK(load_model(directory.text(), name, {"hash-of-four", 4, Duration::minutes(1)}).has_value());
  const auto other = load_model(directory.text(), name, {"hash-of-four", 4, Duration::minutes(5)});
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().message.ends_with("meta.json: was trained for a horizon of 1m, the config says 5m"));
}

TEST_CASE("a card of the first version is still read") {
  TemporaryDirectory directory;
  REQUIRE(write_model(directory.text(), name, small_model(), created).has_value());
  const std::string digest = sha256_hex(bytes_of(small_model()));
  const TrainedModel& m = small_model();
  spill(directory / name / "meta.json",
        fmt::format(R"({{"schema_version":1,"name":"{}","kind":"gbdt","created":"2026-08-25T04:15:00Z",)"
                    R"("trained_from":"2026-08-24T00:00:00Z","trained_to":"2026-08-25T00:00:00Z","training_rows":10,)"
                    R"("interval":"1m","horizon":"1m","feature_hash":"hash-of-four","features":["a","b","c","d"],)"
                    R"("metrics":{},"model_file":"model.ubj","model_bytes":{},"sha256":"{}"}})",
                    name, to_json(m.metrics), bytes_of(m).size(), digest));
  const auto loaded = load_model(directory.text(), name, four);
  REQUIRE(loaded.has_value());
  CHECK(loaded->predictor->predict(std::vector{0.1, 0.9, 0.5, 0.5}) > 0);
}
