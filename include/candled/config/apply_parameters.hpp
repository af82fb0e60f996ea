// Apply parameters: writes the best of a search into a config file.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "candled/domain/result.hpp"
#include "candled/model/tuning.hpp"

namespace candled::config {

// Sets `kind` and each parameter under [model], and leaves every other line as it is; the file is created if missing. Nothing is
// changed where the result would not be a valid config.
Result<void> apply_parameters(const std::filesystem::path& file, const std::string& kind,
                              std::span<const model::Parameter> parameters);

}  // namespace candled::config
