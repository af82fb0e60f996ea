// Trainer: from feature rows and settings to a model that has been measured on later data. No clock, thread or file.
//
// The newest `holdout_share` of the labelled rows is never used in training; rows within one horizon plus the embargo
// before it are purged. The result is the very model that was measured: it is not fitted again on all rows, so the figures belong to
// these bytes, and a later model can be compared with it on a hold-out that neither
// has seen.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/stop.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/algorithm.hpp"
#include "candled/model/calibration.hpp"
#include "candled/model/drift.hpp"
#include "candled/model/labels.hpp"
#include "candled/model/metrics.hpp"
#include "candled/model/predictor.hpp"
#include "candled/model/training_rows.hpp"
#include "candled/model/validation.hpp"

namespace candled::model {

// Leak checks: two trainings with the same code on data without signal; if one finds a signal, the model is marked `leaking`.
// Smaller than the real training: rows_max rows, a quarter of a forest's trees.
struct CanarySettings {
  bool shuffled_labels = true;  // the real rows, their labels cut into blocks and shuffled
  bool random_walk = true;      // the features of a random market, computed by make_rows
  std::size_t rows_max = 10'000;
  // Candles to rows, by the code that makes the training's rows. Without it feature_rows() is used where the
  // training's rows are of this build's features, and no walk is tried where they are not.
  std::function<TrainingRows(std::span<const Candle>, Duration interval)> make_rows = {};
};

// What a strategy would have earned on the hold-out.
struct StrategyResult {
  std::string name;
  double net_return = 0;  // a share of the starting balance, after fees, spread and slippage
  double buy_and_hold_return = 0;
  std::size_t trades = 0;
};
struct HoldoutPredictions {
  std::span<const Timestamp> open_times;
  std::span<const double> probabilities;  // of up
  SignalThresholds thresholds;
  Duration horizon = {};
  Stop stop = {};  // whoever trades on them asks it
};

struct TrainingSettings {
  Algorithm algorithm = GbdtSettings{};
  Duration horizon = Duration::minutes(5);
  Duration embargo = Duration::minutes(5);  // on top of the purge of one horizon
  LabelSettings labels;
  double holdout_share = 0.2;
  std::size_t training_rows_min = 40;
  std::size_t holdout_rows_min = 10;
  std::uint64_t seed = 1;
  int threads = 1;

  // Walk-forward over the training part, before the model itself is fitted. Its predictions, each made by a model that
  // had not seen the row, are what the calibration is fitted on. 0 to 50 folds; 0: neither.
  std::size_t folds = 4;
  CalibrationKind calibration = CalibrationKind::platt;
  std::size_t calibration_rows_min = 500;  // with fewer there is no calibration: it would fit noise
  std::optional<CombinatorialSettings> combinatorial;

  // Where the rarer class has a smaller share of the training part, both classes get the same weight in training; the
  // calibration corrects the probabilities.
  double minority_share_min = 0.3;
  // 0: all columns. Otherwise only those with the largest gain in a small first fit on the training part are used.
  std::size_t columns_max = 0;

  CanarySettings canaries;
  // May be empty. Called on the training thread with the model's probabilities on the hold-out.
  std::function<std::vector<StrategyResult>(const HoldoutPredictions&)> evaluate_strategies;
  std::string parent;  // name of the model that runs while this one is trained; empty if none does
};

struct TrainedPart {
  std::string kind;  // "gbdt" or "forest"
  double weight = 1;
  std::string bytes;                                            // XGBoost UBJSON
  std::vector<std::pair<std::string, std::string>> parameters;  // as passed to XGBoost, "rounds" included
};

struct FoldResult {
  Timestamp from, to;  // open times of the first and last tested row
  std::size_t training_rows = 0, rows = 0;
  double accuracy = 0, auc = 0, log_loss = 0;
  double base_rate_log_loss = 0;  // always the up share of the fold's training rows
};

struct CanaryResult {
  std::string name;  // "shuffled labels" or "random walk"
  std::size_t rows = 0;
  double auc = 0;
  double auc_max = 0;  // what luck alone reaches once in a thousand times
  bool passed() const { return !(auc > auc_max); }
};

struct FeatureImportance {
  std::string feature;
  double gain = 0, cover = 0;    // see ColumnImportance; in a vote the weighted mean
  double mean_contribution = 0;  // mean |SHAP| in log-odds over rows of the hold-out
};

struct TrainedModel {
  std::string kind;                // "gbdt", "forest" or "ensemble"
  std::vector<TrainedPart> parts;  // one, unless an ensemble
  Calibration calibration;
  SignalThresholds thresholds;
  std::vector<std::string> feature_names;
  std::string feature_hash;
  std::vector<std::string> unknown_features;  // columns that were NaN in every row; worth a warning, not an error
  Duration interval, horizon;
  LabelSettings labels;
  Timestamp trained_from;  // open time of the first training row
  Timestamp trained_to;    // when the last training label was settled: no training data is later
  std::size_t training_rows = 0;
  std::size_t purged_rows = 0;
  std::size_t flat_rows = 0;  // of the training part, within the dead zone
  std::uint64_t seed = 0;
  std::string library;  // "xgboost 1.7.4"
  std::string parent;
  Duration took;  // for the caller to fill in: nothing here reads a clock

  Metrics metrics;  // on the hold-out
  std::vector<FoldResult> folds;
  std::optional<Metrics> walk_forward;  // over all folds' tested rows, before calibration
  std::vector<Metrics> paths;           // of the combinatorial validation
  std::vector<CanaryResult> canaries;
  std::vector<FeatureImportance> importance;  // largest mean_contribution first
  std::vector<StrategyResult> strategies;
  DriftReference reference;

  bool is_leaking() const;  // a leak check failed: never promoted
};

struct Progress {
  int done = 0;   // rounds, over all fits of this training
  int total = 0;  // an upper bound: stopping early ends before it
};
// Called on the training thread before every round and every few milliseconds of its processor time in between, whatever the
// training does, so it must be cheap; false cancels. Only a call of the library for one round cannot be interrupted: half a
// second for a year of minutes.
using OnProgress = std::function<bool(const Progress&)>;

// The same rows and settings give the same bytes, whatever else runs. Refuses, with one line that says why: settings
// out of range, a horizon longer than the window, rows without any known feature, too few rows, one class only, an
// empty hold-out. A cancelled training is Remedy::retry.
Result<TrainedModel> train(const TrainingRows& rows, const TrainingSettings& settings,
                           const OnProgress& on_progress = {});

}  // namespace candled::model
