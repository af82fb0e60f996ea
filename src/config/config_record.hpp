// The settings that decide what the conveyor makes of its events, as TOML in normal form: stored with each run, so that its record can
// be replayed. Where things are (files, addresses), who may ask and how it is logged decide nothing, and are left out.
#pragma once

#include <string>
#include <vector>

#include "candled/config/config.hpp"
#include "config/origin.hpp"

namespace candled::config {

// `origin` has the values in effect; element i of a list stands at path i of the given ones, or was made without a file.
std::string config_record(const ConfigOrigin& origin, const Config& config,
                          const std::vector<std::string>& market_paths, const std::vector<std::string>& strategy_paths);

}  // namespace candled::config
