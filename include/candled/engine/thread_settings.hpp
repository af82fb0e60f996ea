// ThreadSettings: [threads] of the configuration.
#pragma once

#include <cstdint>

#include "candled/engine/settings.hpp"

namespace candled {
class Section;
}

namespace candled::engine {

struct ThreadSettings {
  ThreadLayout layout = ThreadLayout::market;
  std::int64_t queue_capacity = 8192;
};

void describe(Section& section, ThreadSettings& settings);

}  // namespace candled::engine
