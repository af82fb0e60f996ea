// config_keys: the path of every key that the configuration knows, such as "training.horizon" or "market.symbol".
#pragma once

#include <set>
#include <string>

namespace candled::config {

std::set<std::string> config_keys();  // tables among them ("training")

}  // namespace candled::config
