// The settings in effect as JSON, with the names of the file; secrets are hidden.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "candled/config/config.hpp"

namespace candled::config {

// `values`: path and JSON of each key that was read, such as "market[2].symbol". Lists follow the config: element i stands
// at the path i of the given ones, or was made without a file.
std::string config_json(const std::vector<std::pair<std::string, std::string>>& values, const Config& config,
                        const std::vector<std::string>& market_paths, const std::vector<std::string>& strategy_paths);

}  // namespace candled::config
