// The version of the program.
#pragma once

#include <string>

namespace candled::flow {

std::string program_version();  // "0.1.0"

}  // namespace candled::flow
