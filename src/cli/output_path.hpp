// Where a command writes: never over the database, over another SQLite file, or over what it reads.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "candled/config/config.hpp"

namespace candled::cli {

// The file behind `path` (a link is followed), which is absent or may be replaced. Throws ConfigError that begins with `option`
// for a folder, the database with what belongs to it, any other SQLite file, what lies in the folder of models, and one of `inputs`.
std::filesystem::path output_path(const std::string& option, const std::filesystem::path& path,
                                  const config::Config& config, std::span<const std::filesystem::path> inputs = {});

}  // namespace candled::cli
