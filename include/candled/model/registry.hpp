// Registry files: <directory>/<YYYYMMDD_HHMMSS>/ holds one model, written whole and never changed.
//
//   model.ubj   the XGBoost model
//   meta.json   what it is: schema_version, name, kind, created, window, rows, horizon, features with their hash,
//               parameters, seed, library, metrics, size and SHA-256 of the model file
//
// A model file is input like any other. The digest guards against damage and mix-ups, a check of the structure against
// bytes made to harm; both come before XGBoost sees a byte. Neither tells a good model from one trained to lose money:
// the directory must belong to the daemon's user.
// Every error is one line that names the file. No function reads a clock.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/predictor.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/takeover.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/trainer.hpp"

namespace candled::model {

// "20260825_041500" for that second in UTC.
std::string model_name(Timestamp created);
// Eight digits, an underscore, six digits: nothing else is ever joined to a path.
bool is_model_name(std::string_view name);
// The name for `created`, or the first later second that is not taken in the directory.
Result<std::string> free_model_name(const std::string& directory, Timestamp created);

// Makes <directory> if it is absent and <directory>/<name>/ in one rename, synced to disk. Nothing is left behind on
// failure (full disk, no permission, the name is taken): Remedy::retry for what a person may mend, refuse for a name
// that is wrong or taken.
Result<ModelRecord> write_model(const std::string& directory, const std::string& name, const TrainedModel& model,
                                Timestamp created);

struct LoadedModel {
  ModelRecord record;
  std::shared_ptr<const Predictor> predictor;
};

// What the features of this build are; a model trained on others is refused.
struct ExpectedFeatures {
  std::string hash;
  std::size_t count = 0;
};

Result<LoadedModel> load_model(const std::string& directory, const std::string& name, const ExpectedFeatures& expected);

// meta.json alone, for listings: says nothing about whether the model file is sound.
Result<ModelRecord> read_record(const std::string& directory, const std::string& name);
// The whole meta.json, as it stands, once it has been found to be one.
Result<std::string> read_model_card(const std::string& directory, const std::string& name);

// Names of the model directories, oldest first; whatever else lies there is passed over. An absent directory has none.
Result<std::vector<std::string>> list_models(const std::string& directory);

// Deletes what a killed writer left (".YYYYMMDD_HHMMSS.XXXXXX"). Only where no other process writes models.
Result<std::size_t> remove_unfinished(const std::string& directory);

}  // namespace candled::model
