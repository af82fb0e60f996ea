// Stored rows: what `train`, `tune` and `models` learn from and compare on, read from the database.
#pragma once

#include "candled/cli/commands.hpp"
#include "candled/config/config.hpp"
#include "candled/domain/result.hpp"
#include "candled/engine/training_round.hpp"
#include "candled/model/training_rows.hpp"

namespace candled::cli {

// The config with what the flags say over it. Throws ConfigError: settings that contradict each other.
config::Config with_flags(config::Config config, const LearningFlags& flags);

// Rows of the first market's newest `window`. Refuses, with one line that says what to do: no database, no candles, rows of another
// feature list. Throws StoreError.
Result<model::TrainingRows> window_rows(const config::Config& config, Duration window);

// The round of the config: its directory, rule, strategies and costs.
engine::RoundSettings round_settings(const config::Config& config);

}  // namespace candled::cli
