// PastRuns: gives the engine the settings and models of a recorded run.
#pragma once

#include <functional>
#include <string>

#include "candled/domain/result.hpp"
#include "candled/engine/load_model.hpp"
#include "candled/engine/settings.hpp"

namespace candled::engine {

struct PastRuns {
  // From the text that the run stored (EngineSettings::config). Database and model directory are today's.
  std::function<Result<EngineSettings>(const std::string& config)> settings_of = {};
  // Models that fit the features of these settings.
  std::function<LoadModel(const EngineSettings& settings)> models_of = {};
};

}  // namespace candled::engine
