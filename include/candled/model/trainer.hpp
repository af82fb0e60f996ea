// Trainer: feature rows and settings in, a model that has been measured on later data out. No clock, thread or file.
//
// The newest `holdout_share` of the labelled rows is never learned from; what lies within one horizon plus the embargo
// before it is purged. The model that comes out is the very one the metrics were taken of: it is not fitted again on
// all rows, so the figures belong to these bytes, and a later model can be compared with it on a hold-out that neither
// has seen.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/metrics.hpp"
#include "candled/model/training_rows.hpp"

namespace candled::model {

// Gradient boosting, XGBoost `hist`. Rounds are chosen by log loss on the newest `stopping_share` of the training part
// (purged like the hold-out) and the whole training part is then fitted with that many; where that tail has fewer than
// stopping_rows_min rows or one class only, `rounds` are fitted as they stand.
struct GbdtSettings {
  int rounds = 200;     // at most
  int rounds_min = 10;  // a short tail is noisy: stopping earlier than this is chance
  int patience = 20;    // rounds without a better log loss before the search ends
  double stopping_share = 0.15;
  std::size_t stopping_rows_min = 50;
  int depth = 4;
  double eta = 0.05;
  double row_share = 0.8;     // of the rows, drawn per tree
  double column_share = 0.8;  // of the columns, drawn per tree
  double child_weight_min = 5;
};

// Random forest: XGBoost with num_parallel_tree; all trees are fitted to the labels themselves, a few at a time, and
// their mean is the answer.
struct ForestSettings {
  int trees = 200;
  int depth = 8;
  double row_share = 0.63;     // what a bootstrap sample would hold of distinct rows
  double column_share = 0.35;  // of the columns, drawn per split
  double child_weight_min = 5;
};

struct TrainingSettings {
  std::variant<GbdtSettings, ForestSettings> algorithm = GbdtSettings{};
  Duration horizon = Duration::minutes(5);
  Duration embargo = Duration::minutes(5);  // on top of the purge of one horizon
  double holdout_share = 0.2;
  std::size_t training_rows_min = 40;
  std::size_t holdout_rows_min = 10;
  std::uint64_t seed = 1;
  int threads = 1;
};

// "gbdt" or "forest" with its default settings; refuses other names.
Result<std::variant<GbdtSettings, ForestSettings>> algorithm_named(std::string_view kind);
std::string_view kind_of(const std::variant<GbdtSettings, ForestSettings>& algorithm);

struct TrainedModel {
  std::string kind;   // "gbdt" or "forest"
  std::string bytes;  // XGBoost UBJSON
  std::vector<std::string> feature_names;
  std::string feature_hash;
  std::vector<std::string> unknown_features;  // columns that were NaN in every row; worth a warning, not an error
  Duration interval, horizon;
  Timestamp trained_from;  // open time of the first row it learned from
  Timestamp trained_to;    // when the last label it learned from was settled: it knows nothing later
  std::size_t training_rows = 0;
  std::size_t purged_rows = 0;
  std::vector<std::pair<std::string, std::string>> parameters;  // as XGBoost got them, "rounds" included
  std::uint64_t seed = 0;
  std::string library;  // "xgboost 1.7.4"
  Metrics metrics;      // on the hold-out
};

struct Progress {
  int done = 0;   // rounds, over all fits of this training
  int total = 0;  // an upper bound: stopping early ends before it
};
// Called on the training thread before every round (well under a second); false cancels.
using OnProgress = std::function<bool(const Progress&)>;

// The same rows and settings give the same bytes, whatever else runs. Refuses, with one line that says why: settings
// out of range, a horizon longer than the window, rows without any known feature, too few rows, one class only, an
// empty hold-out. A cancelled training is Remedy::retry.
Result<TrainedModel> train(const TrainingRows& rows, const TrainingSettings& settings,
                           const OnProgress& on_progress = {});

}  // namespace candled::model
