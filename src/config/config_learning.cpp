#include "candled/config/config_learning.hpp"

#include <string>
#include <vector>

namespace candled::config {
namespace {

const std::vector<std::string> promotion_rules = {"better", "always", "manual"};          // as model::PromotionRule
const std::vector<std::string> calibrations = {"none", "platt", "isotonic"};              // as model::CalibrationKind
const std::vector<std::string> model_kinds = {"gbdt", "forest", "ensemble"};
const std::vector<std::string> label_kinds = {"horizon", "barriers"};

// What has one meaning in both kinds. 0 stands for the kind's own.
template <class Settings>
void set_common(Settings& settings, const ModelConfig& config) {
  if (config.depth > 0) settings.depth = static_cast<int>(config.depth);
  if (config.row_share > 0) settings.row_share = config.row_share;
  if (config.column_share > 0) settings.column_share = config.column_share;
  settings.child_weight_min = config.child_weight_min;
  settings.lambda = config.lambda;
}

model::GbdtSettings gbdt_settings(const ModelConfig& config) {
  model::GbdtSettings gbdt;
  gbdt.rounds = static_cast<int>(config.rounds);
  gbdt.eta = config.learning_rate;
  gbdt.leaves_max = static_cast<int>(config.leaves_max);
  gbdt.patience = static_cast<int>(config.patience);
  set_common(gbdt, config);
  return gbdt;
}

model::ForestSettings forest_settings(const ModelConfig& config) {
  model::ForestSettings forest;
  forest.trees = static_cast<int>(config.rounds);
  set_common(forest, config);
  return forest;
}

model::Algorithm algorithm(const ModelConfig& config) {
  if (config.kind == "gbdt") return gbdt_settings(config);
  if (config.kind == "forest") return forest_settings(config);
  return model::EnsembleSettings{{{gbdt_settings(config), config.gbdt_weight}, {forest_settings(config), config.forest_weight}}};
}

}  // namespace

void read_training(ConfigSection& section, TrainingConfig& training) {
  section.flag("enabled", training.enabled);
  section.duration("every", training.every, Duration::seconds(1), Duration::days(365));
  section.duration("window", training.window, Duration::minutes(1), Duration::days(3650));
  section.duration("horizon", training.horizon, Duration::seconds(1), Duration::days(7));
  section.whole("minimum_candles", training.minimum_candles, 10, 10'000'000);
  section.one_of("promote", training.promote, promotion_rules);
  section.duration_or_off("maximum_age", training.maximum_age, Duration::minutes(1), Duration::days(3650));
  section.whole("keep_models", training.keep_models, 0, 1'000'000);
  section.whole("folds", training.folds, 0, 50);
}

void read_model(ConfigSection& section, ModelConfig& model) {
  section.one_of("kind", model.kind, model_kinds);
  section.path("directory", model.directory);
  section.whole("rounds", model.rounds, 1, 10'000);
  section.whole("depth", model.depth, 0, 20);
  section.number("learning_rate", model.learning_rate, 0.0001, 1);
  section.whole("seed", model.seed, 0, 2'147'483'647);
  section.whole("leaves_max", model.leaves_max, 0, 100'000);
  section.whole("patience", model.patience, 1, 10'000);
  section.number("row_share", model.row_share, 0, 1);
  section.number("column_share", model.column_share, 0, 1);
  section.number("child_weight_min", model.child_weight_min, 0, 1'000'000);
  section.number("lambda", model.lambda, 0, 1'000'000);
  section.number("gbdt_weight", model.gbdt_weight, 0.001, 1'000);
  section.number("forest_weight", model.forest_weight, 0.001, 1'000);
  section.one_of("calibration", model.calibration, calibrations);
  section.one_of("labels", model.labels, label_kinds);
  section.number("dead_zone_bps", model.dead_zone_bps, 0, 10'000);
  section.number("profit_bps", model.profit_bps, 0.01, 10'000);
  section.number("loss_bps", model.loss_bps, 0.01, 10'000);
  section.whole("columns_max", model.columns_max, 0, 10'000);
  section.whole("contributions", model.contributions, 0, 1'000);
}

model::TrainingSettings training_settings(const Config& config) {
  model::TrainingSettings settings;
  settings.algorithm = algorithm(config.model);
  settings.horizon = config.training.horizon;
  settings.embargo = config.training.horizon;
  settings.seed = static_cast<std::uint64_t>(config.model.seed);
  settings.folds = static_cast<std::size_t>(config.training.folds);
  settings.calibration = config.model.calibration;
  settings.columns_max = static_cast<std::size_t>(config.model.columns_max);
  settings.labels.dead_zone_bps = config.model.dead_zone_bps;
  if (config.model.labels == "barriers") {
    settings.labels.barriers = model::LabelSettings::Barriers{config.model.profit_bps, config.model.loss_bps};
  }
  return settings;
}

}  // namespace candled::config
