// Files that appear only when complete.
#pragma once

#include <filesystem>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled::flow {

// Written beside it and renamed. The error names the file.
Result<void> write_file(const std::filesystem::path& path, std::string_view text);

// A device or a pipe: to be written into, not to be replaced.
bool is_written_in_place(const std::filesystem::path& path);

}  // namespace candled::flow
