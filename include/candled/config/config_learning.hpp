// [training] and [model] of the configuration, and what the engine and the model room make of them.
#pragma once

#include "candled/config/config_section.hpp"
#include "candled/config/config.hpp"
#include "candled/model/trainer.hpp"

namespace candled::config {

void read_training(ConfigSection& section, TrainingConfig& training);
void read_model(ConfigSection& section, ModelConfig& model);

// All that the config says about how a model is learned; no parent, no strategies.
model::TrainingSettings training_settings(const Config& config);

}  // namespace candled::config
