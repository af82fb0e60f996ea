// LearningSettings: [training] of the configuration, when models are trained and when they are promoted.
#pragma once

#include <cstdint>

#include "candled/domain/time.hpp"
#include "candled/model/promotion.hpp"

namespace candled {
class Section;
}

namespace candled::engine {

struct LearningSettings {
  bool enabled = true;
  Duration every = Duration::hours(1);
  Duration window = Duration::days(30);
  Duration horizon = Duration::minutes(5);  // a multiple of every market's interval
  std::int64_t minimum_candles = 300;
  model::PromotionRule promote = model::PromotionRule::better;
  Duration maximum_age;          // zero: no model is too old to trade on
  std::int64_t keep_models = 0;  // model directories beside those with an alias; 0: all
  std::int64_t folds = 4;        // of the walk-forward before each model; 0: none, and no calibration
};

void describe(Section& section, LearningSettings& settings);

}  // namespace candled::engine
