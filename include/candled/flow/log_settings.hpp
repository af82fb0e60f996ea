// [log] of the configuration.
#pragma once

#include "candled/flow/log.hpp"

namespace candled {
class Section;
}

namespace candled::flow {

void describe(Section& section, LogSettings& settings);

}  // namespace candled::flow
