// Control events on the conveyor: a model swap, and a checkpoint that collects every station's state.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/predictor.hpp"
#include "candled/domain/time.hpp"

namespace candled {

// What the registry and the `models` view say about one model.
struct ModelRecord {
  std::string name;  // YYYYMMDD_HHMMSS, the name of its directory
  std::string kind;  // "gbdt" or "forest"
  Timestamp created;
  Timestamp trained_from, trained_to;
  double accuracy = 0, f1 = 0, precision = 0, recall = 0;  // on later data than it trained on
  std::string metrics_json;
  std::string sha256;        // of the model file
  std::string feature_hash;  // of the feature list it was trained on
};

// Model swap. Enters at the head; inference takes the predictor, the journal stores the record and the aliases.
struct ModelSwap {
  std::shared_ptr<const Predictor> predictor;  // null: no swap, `record` is of the new challenger
  std::optional<ModelRecord> record;           // present when the model may be new to the file
  std::string why = {};                        // one line for the history of champions; empty: it is already champion
  Timestamp decided = {};                      // market time, for the same
};

// Enters at the head; each station appends (its name, its state) on the way; the journal stores it. The states and the head
// events after the checkpoint's number restore every station exactly, so recovery is load and replay.
struct Checkpoint {
  std::vector<std::pair<std::string, std::string>> states;
};

}  // namespace candled
