// LoadModel: gives the engine a trained model by its name; from the trainer's registry, or a test's own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "candled/domain/predictor.hpp"
#include "candled/domain/result.hpp"

namespace candled::engine {

using LoadModel = std::function<Result<std::shared_ptr<const Predictor>>(const std::string& name)>;

}  // namespace candled::engine
