// Registry files: <directory>/<YYYYMMDD_HHMMSS>/ holds one model, written whole and never changed.
//
//   model.ubj        the XGBoost model; model_1.ubj, model_2.ubj and so on of an ensemble
//   meta.json        the model card: data window, rows, horizon, labels, features with their hash, parameters, seed,
//                    library, calibration, metrics, folds, canaries, importance, size and SHA-256 of each model file
//   reference.json   bins of every feature in the training window, against which drift is measured
//
// A model file is input like any other. The digest guards against damage and mix-ups, a check of the structure against
// malicious bytes; both happen before XGBoost sees a byte. Neither tells a good model from one trained to lose money:
// the directory must belong to the daemon's user.
// Every error is one line that names the file. No function reads a clock.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/model_swap.hpp"
#include "candled/domain/predictor.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/drift.hpp"
#include "candled/model/predictor.hpp"
#include "candled/model/trainer.hpp"

namespace candled::model {

// "20260825_041500" for that second in UTC.
std::string model_name(Timestamp created);
// Eight digits, an underscore, six digits: nothing else is ever appended to a path.
bool is_model_name(std::string_view name);
// The name for `created`, or the first later second that is not taken in the directory.
Result<std::string> free_model_name(const std::string& directory, Timestamp created);

// Makes <directory> if it is absent and <directory>/<name>/ in one rename, synced to disk. Nothing is left behind on
// failure (full disk, no permission, the name is taken): Remedy::retry for what a person can fix, refuse for a name
// that is wrong or taken.
Result<ModelRecord> write_model(const std::string& directory, const std::string& name, const TrainedModel& model,
                                Timestamp created);

// The parts of a card that lists, promotion and expiry need.
struct ModelSummary {
  ModelRecord record;
  Duration horizon, interval;
  std::size_t training_rows = 0;
  double log_loss = 0;      // on its own hold-out
  bool has_edge = false;    // its hold-out shows more than chance
  bool is_leaking = false;  // a leak check failed in its training: never promoted
  std::string parent;       // empty: none
  Duration took;
};

struct LoadedModel {
  ModelRecord record;
  std::shared_ptr<const ModelPredictor> predictor;
  ModelSummary summary;
};

// The features of this build and the horizon of the config; a model trained on others is refused.
struct ExpectedFeatures {
  std::string hash;
  std::size_t count = 0;
  std::optional<Duration> horizon = std::nullopt;  // absent: any
};

Result<LoadedModel> load_model(const std::string& directory, const std::string& name, const ExpectedFeatures& expected);

// meta.json alone, for listings: says nothing about whether the model file is sound.
Result<ModelRecord> read_record(const std::string& directory, const std::string& name);
Result<ModelSummary> read_summary(const std::string& directory, const std::string& name);
// reference.json of a model with this number of features.
Result<DriftReference> read_drift_reference(const std::string& directory, const std::string& name,
                                            std::size_t feature_count);
// The whole meta.json, verbatim, after a check that it is one.
Result<std::string> read_model_card(const std::string& directory, const std::string& name);

// What the card says of the features, largest mean contribution first.
Result<std::vector<FeatureImportance>> read_importance(const std::string& directory, const std::string& name);

// Names of the model directories, oldest first; anything else there is skipped. An absent directory has none.
Result<std::vector<std::string>> list_models(const std::string& directory);

// Deletes a model directory for good: renamed first, so that a partly deleted one is never listed.
Result<void> remove_model(const std::string& directory, const std::string& name);

// Deletes what a killed writer left (".YYYYMMDD_HHMMSS.XXXXXX"). Only where no other process writes models.
Result<std::size_t> remove_unfinished(const std::string& directory);

}  // namespace candled::model
