#include "app/version.hpp"

namespace candled::app {

std::string program_version() { return CANDLED_VERSION; }

}  // namespace candled::app
