// check_config: settings that are right alone and contradict each other.
#pragma once

#include <string>
#include <vector>

#include "candled/config/config.hpp"
#include "config/origin.hpp"

namespace candled::config {

// market_paths and strategy_paths name the element of the file that each market and strategy comes from ("market[2]"); the path of
// one that does not stand in the file is any other text. Throws ConfigError for the first contradiction.
void check_config(const Config& config, const ConfigOrigin& origin, const std::vector<std::string>& market_paths,
                  const std::vector<std::string>& strategy_paths);

}  // namespace candled::config
