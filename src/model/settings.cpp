#include "candled/model/settings.hpp"

#include <array>
#include <string_view>

#include "candled/domain/section.hpp"
#include "candled/model/trainer.hpp"

namespace candled::model {
namespace {

constexpr std::array<std::string_view, 3> calibrations = {"none", "platt", "isotonic"};  // as CalibrationKind
constexpr std::array<std::string_view, 3> kinds = {"gbdt", "forest", "ensemble"};
constexpr std::array<std::string_view, 2> label_kinds = {"horizon", "barriers"};

// What has one meaning in both kinds. 0 stands for the kind's own.
template <class Kind>
void set_common(Kind& kind, const ModelSettings& settings) {
  if (settings.depth > 0) kind.depth = static_cast<int>(settings.depth);
  if (settings.row_share > 0) kind.row_share = settings.row_share;
  if (settings.column_share > 0) kind.column_share = settings.column_share;
  kind.child_weight_min = settings.child_weight_min;
  kind.lambda = settings.lambda;
}

GbdtSettings gbdt_settings(const ModelSettings& settings) {
  GbdtSettings gbdt;
  gbdt.rounds = static_cast<int>(settings.rounds);
  gbdt.eta = settings.learning_rate;
  gbdt.leaves_max = static_cast<int>(settings.leaves_max);
  gbdt.patience = static_cast<int>(settings.patience);
  set_common(gbdt, settings);
  return gbdt;
}

ForestSettings forest_settings(const ModelSettings& settings) {
  ForestSettings forest;
  forest.trees = static_cast<int>(settings.rounds);
  set_common(forest, settings);
  return forest;
}

Algorithm algorithm(const ModelSettings& settings) {
  if (settings.kind == "gbdt") return gbdt_settings(settings);
  if (settings.kind == "forest") return forest_settings(settings);
  return EnsembleSettings{
      {{gbdt_settings(settings), settings.gbdt_weight}, {forest_settings(settings), settings.forest_weight}}};
}

}  // namespace

void describe(Section& section, ModelSettings& model) {
  section.one_of({.name = "kind",
                  .help = "\"gbdt\": gradient-boosted trees. \"forest\": a random forest. \"ensemble\": one of each, "
                          "their probabilities "
                          "averaged by weight."},
                 model.kind, kinds);
  section.path(
      {.name = "directory",
       .help = "Directory of the models. Each has its own directory in it, named after its time. Created if missing.",
       .decides = false},
      model.directory);
  section.whole(
      {.name = "rounds",
       .help = "Number of trees, 1 to 10000; of \"gbdt\" at most, because it stops early. More: slower to train."},
      model.rounds, 1, 10'000);
  section.whole(
      {.name = "depth",
       .help = "Maximum depth of a tree, 1 to 20; 0: 4 of \"gbdt\", 8 of \"forest\". Deep trees take memory: a "
               "forest of 16 levels more than 1 GB."},
      model.depth, 0, 20);
  section.number({.name = "learning_rate",
                  .help = "How much each tree of \"gbdt\" corrects, 0.0001 to 1. Smaller needs more rounds. A forest "
                          "does not use it."},
                 model.learning_rate, 0.0001, 1);
  section.whole({.name = "seed",
                 .help = "Seed of everything random in training, 0 to 2147483647: the same rows and the same seed give "
                         "the same model."},
                model.seed, 0, 2'147'483'647);
  section.whole(
      {.name = "leaves_max",
       .help = "\"gbdt\" only. 0: trees grow level by level. 2 to 100000: leaf by leaf, the best split first, up to "
               "this many leaves."},
      model.leaves_max, 0, 100'000);
  section.whole(
      {.name = "patience",
       .help = "\"gbdt\" only: it stops when the log loss on a purged tail of the window has not improved for this "
               "many rounds, 1 to 10000."},
      model.patience, 1, 10'000);
  section.number({.name = "row_share",
                  .help = "Share of the rows that each tree sees, 0 to 1; 0: 0.8 of \"gbdt\", 0.63 of \"forest\"."},
                 model.row_share, 0, 1);
  section.number({.name = "column_share",
                  .help = "Share of the features that each tree (\"gbdt\") or each split (\"forest\") may use, 0 to 1; "
                          "0: 0.8 and 0.35."},
                 model.column_share, 0, 1);
  section.number({.name = "child_weight_min", .help = "Minimum weight of the rows in a leaf, 0 to 1000000."},
                 model.child_weight_min, 0, 1'000'000);
  section.number({.name = "lambda", .help = "L2 penalty on leaf values, 0 to 1000000."}, model.lambda, 0, 1'000'000);
  section.number({.name = "gbdt_weight", .help = "Weights of the two models of an \"ensemble\", 0.001 to 1000."},
                 model.gbdt_weight, 0.001, 1'000);
  section.number({.name = "forest_weight"}, model.forest_weight, 0.001, 1'000);
  section.one_of(
      {.name = "calibration",
       .help = "Calibration of the probabilities, fitted on the walk-forward: \"platt\" (two numbers), \"isotonic\" "
               "(a staircase, which needs some thousand rows), \"none\"."},
      model.calibration, calibrations);
  section.one_of(
      {.name = "labels",
       .help = "What the model is trained to predict. \"horizon\": is the close higher after the horizon? "
               "\"barriers\": does the price reach profit_bps above or loss_bps below first, within the horizon? "
               "What is measured, stored and scored is always the first question."},
      model.labels, label_kinds);
  section.number(
      {.name = "dead_zone_bps",
       .help = "Moves of at most this many hundredths of a percent are left out of training, and predictions "
               "between the two resulting thresholds say \"hold\". 0 to 10000."},
      model.dead_zone_bps, 0, 10'000);
  section.number({.name = "profit_bps", .help = "The barriers, 0.01 to 10000."}, model.profit_bps, 0.01, 10'000);
  section.number({.name = "loss_bps"}, model.loss_bps, 0.01, 10'000);
  section.whole(
      {.name = "columns_max",
       .help = "Use only this many features, those that a small first fit finds most useful, 1 to 10000; 0: from "
               "all."},
      model.columns_max, 0, 10'000);
  section.whole(
      {.name = "contributions",
       .help = "How many features are stored with each prediction, with their contribution to it (exact TreeSHAP), 0 "
               "to 1000; 0: none. Computed after the decision, so no decision waits for it; takes less than a "
               "millisecond with \"gbdt\", some 30 with a \"forest\" of 200 deep trees."},
      model.contributions, 0, 1'000);
}

TrainingSettings training_settings(const ModelSettings& model, Duration horizon, std::int64_t folds) {
  TrainingSettings settings;
  settings.algorithm = algorithm(model);
  settings.horizon = horizon;
  settings.embargo = horizon;
  settings.seed = static_cast<std::uint64_t>(model.seed);
  settings.folds = static_cast<std::size_t>(folds);
  settings.calibration = model.calibration;
  settings.columns_max = static_cast<std::size_t>(model.columns_max);
  settings.labels.dead_zone_bps = model.dead_zone_bps;
  if (model.labels == "barriers") settings.labels.barriers = LabelSettings::Barriers{model.profit_bps, model.loss_bps};
  return settings;
}

}  // namespace candled::model
