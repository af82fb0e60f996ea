// Which files an import reads: those that are named, and those of named folders that can hold rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::files {

struct ListedFile {
  std::filesystem::path path;
  std::filesystem::path given;  // what it was named by: itself or a folder above it
  std::int64_t bytes = 0;
  bool passed_over = false;  // of a folder, and no file of rows by its name
};

// Folders are walked by name, links to folders are not followed. An error names what is not there.
Result<std::vector<ListedFile>> list_files(const std::vector<std::filesystem::path>& paths);

// By the name's end: .csv, .txt or none at all inside an archive.
bool may_hold_rows(std::string_view member);

}  // namespace candled::files
