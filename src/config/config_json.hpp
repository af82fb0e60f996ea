// The settings in effect as JSON, with the names of the file; secrets are hidden.
#pragma once

#include <string>
#include <vector>

#include "candled/config/config.hpp"
#include "config/origin.hpp"

namespace candled::config {

// Element i of a list stands at path i of the given ones ("market[2]"), or was made without a file.
std::string config_json(const ConfigOrigin& origin, const Config& config, const std::vector<std::string>& market_paths,
                        const std::vector<std::string>& strategy_paths);

}  // namespace candled::config
