// StorageSettings: [storage] of the configuration.
#pragma once

#include <filesystem>

#include "candled/domain/time.hpp"

namespace candled {
class Section;
}

namespace candled::store {

struct StorageSettings {
  std::filesystem::path path = "candled.sqlite";
  Duration keep_trades, keep_features;  // zero: for ever
};

void describe(Section& section, StorageSettings& settings);

}  // namespace candled::store
