// Where a command writes: never over the database, over another SQLite file, or over what it reads.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "candled/app/config.hpp"

namespace candled::app {

// The file behind `path` (a link is followed), which is absent or may be replaced. Throws ConfigError that begins with `option`
// for a folder, the database with what belongs to it, any other SQLite file, what lies in the folder of models, and one of `inputs`.
std::filesystem::path output_path(const std::string& option, const std::filesystem::path& path, const Config& config,
                                  std::span<const std::filesystem::path> inputs = {});

// A device or a pipe: to be written into, not to be replaced.
bool is_written_in_place(const std::filesystem::path& path);

}  // namespace candled::app
