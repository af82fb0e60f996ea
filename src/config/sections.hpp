// The whole configuration as one description: each section is that of the room that owns it.
#pragma once

#include "candled/config/config.hpp"

namespace candled {
class Section;
}

namespace candled::config {

// `config` holds the defaults, config.exchanges those that ingest speaks.
void describe(Section& root, Config& config);

// What stands without a file, before lists that are empty are filled.
Config defaults();

// Whose markets may be stored; those without a feed come from files.
std::vector<std::string_view> exchange_names();

}  // namespace candled::config
