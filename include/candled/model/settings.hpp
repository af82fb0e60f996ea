// ModelSettings: [model] of the configuration, and the training settings made from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "candled/domain/time.hpp"
#include "candled/model/calibration.hpp"

namespace candled {
class Section;
}

namespace candled::model {

struct TrainingSettings;

struct ModelSettings {
  std::string kind = "gbdt";  // gbdt | forest | ensemble
  std::filesystem::path directory = "models";
  std::int64_t rounds = 200;
  std::int64_t depth = 0;  // 0: the kind's own
  double learning_rate = 0.05;
  std::int64_t seed = 1;
  std::int64_t leaves_max = 0;  // 0: level by level
  std::int64_t patience = 20;
  double row_share = 0, column_share = 0;  // 0: the kind's own
  double child_weight_min = 5, lambda = 1;
  double gbdt_weight = 1, forest_weight = 1;  // of an ensemble
  CalibrationKind calibration = CalibrationKind::platt;
  std::string labels = "horizon";  // horizon | barriers
  double dead_zone_bps = 0, profit_bps = 20, loss_bps = 20;
  std::int64_t columns_max = 0;    // 0: all
  std::int64_t contributions = 5;  // stored with each prediction; 0: none
};

void describe(Section& section, ModelSettings& settings);

// How one model is trained; no parent, no strategies. `folds` of the walk-forward before it.
TrainingSettings training_settings(const ModelSettings& settings, Duration horizon, std::int64_t folds);

}  // namespace candled::model
