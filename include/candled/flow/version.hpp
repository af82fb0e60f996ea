// The version of the program. Its source is generated at every build (cmake/version.cmake).
#pragma once

#include <string>

namespace candled::flow {

std::string program_version();  // "0.1.0"
// Of the sources that were built: "494a5859d0c2", with "-dirty" where they differed from it, or "unknown commit" outside git.
std::string program_commit();

}  // namespace candled::flow
