// A file that appears only when all of it is there.
#pragma once

#include <filesystem>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled::app {

// Written beside it and renamed. The error names the file.
Result<void> write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace candled::app
