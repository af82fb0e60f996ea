// StorageSettings: [storage] of the configuration.
#pragma once

#include <cstdint>
#include <filesystem>

#include "candled/domain/time.hpp"

namespace candled {
class Section;
}

namespace candled::store {

// What a commit survives. The order of the names that the config gives them.
enum class Durability : std::uint8_t {
  power,  // the loss of power, but for the last second; what holds a fill or a model swap: all of it, before it can be seen
  process,  // the end of the process, however sudden; the system writes to the disk when it likes
};

struct StorageSettings {
  std::filesystem::path path = "candled.sqlite";
  Durability durability = Durability::power;
  Duration keep_trades, keep_features;  // zero: for ever
};

void describe(Section& section, StorageSettings& settings);

}  // namespace candled::store
