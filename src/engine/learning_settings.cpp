#include "candled/engine/learning_settings.hpp"

#include <array>
#include <string_view>

#include "candled/domain/section.hpp"

namespace candled::engine {
namespace {

constexpr std::array<std::string_view, 3> promotion_rules = {"better", "always", "manual"};  // as model::PromotionRule

}  // namespace

void describe(Section& section, LearningSettings& settings) {
  section.flag({.name = "enabled", .help = "false: no model is trained; an existing champion still predicts."},
               settings.enabled);
  section.duration(
      {.name = "every",
       .help = "Time from one training to the next, \"1s\" to \"365d\". The first one starts as soon as there are "
               "minimum_candles."},
      settings.every, Duration::seconds(1), Duration::days(365));
  section.duration({.name = "window",
                    .help = "How much of the past is used in training, \"1m\" to \"3650d\"; more than the horizon."},
                   settings.window, Duration::minutes(1), Duration::days(3650));
  section.duration(
      {.name = "horizon",
       .help = "How far ahead a prediction looks: is the close higher after this time? A multiple of every "
               "market's interval, at most \"7d\". Without it: 5m, or, where that does not suit the intervals, "
               "the longest of them."},
      settings.horizon, Duration::seconds(1), Duration::days(7));
  section.whole({.name = "minimum_candles",
                 .help = "No training with fewer candles than this, 10 to 10000000; they must fit into the window."},
                settings.minimum_candles, 10, 10'000'000);
  section.one_of(
      {.name = "promote",
       .help = "When a new model is promoted. \"better\": if its log loss is lower on rows that neither model was "
               "trained on. "
               "\"always\". \"manual\": only by `candled models promote`. The first model is always promoted; one that "
               "failed "
               "a leak check (docs/models.md) never is. A model that is not promoted is kept as the challenger."},
      settings.promote, promotion_rules);
  section.duration_or(
      {.name = "maximum_age",
       .help =
           "No position is opened on a model whose training data ended longer ago than this, \"1m\" and more; "
           "predictions "
           "go on. The training data ends a fifth of the window before the training. \"off\": no model is too old."},
      "off", settings.maximum_age, Duration::minutes(1), Duration::days(3650));
  section.whole(
      {.name = "keep_models",
       .help = "After each training, all but this number of the newest model directories are deleted; champion, "
               "challenger and the last five champions stay. `candled verify` cannot replay a run in which a deleted "
               "model served. 0 to 1000000; 0: none is deleted, and `candled models prune` does it by hand."},
      settings.keep_models, 0, 1'000'000);
  section.whole(
      {.name = "folds",
       .help = "Folds of the walk-forward before each model, 0 to 50. The calibration is fitted on it: with 0 there "
               "is none."},
      settings.folds, 0, 50);
}

}  // namespace candled::engine
