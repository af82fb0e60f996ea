#include "candled/flow/version.hpp"

namespace candled::flow {

std::string program_version() { return CANDLED_VERSION; }

}  // namespace candled::flow
