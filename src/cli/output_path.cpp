#include "cli/output_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string_view>

#include "candled/config/config.hpp"

namespace candled::cli {
namespace {

namespace fs = std::filesystem;

constexpr int links_max = 40;
constexpr std::string_view sqlite_magic = "SQLite format 3";

bool is_same(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error) || fs::equivalent(a, b, error);
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path root = fs::weakly_canonical(fs::absolute(folder, error), error),
                 inside = fs::weakly_canonical(fs::absolute(path, error), error);
  return std::mismatch(root.begin(), root.end(), inside.begin(), inside.end()).first == root.end();
}

bool is_sqlite(const fs::path& path) {
  std::string head(sqlite_magic.size(), '\0');
  std::ifstream stream(path, std::ios::binary);
  return stream.read(head.data(), static_cast<std::streamsize>(head.size())) && head == sqlite_magic;
}

// What a link stands for, even where nothing is there yet.
fs::path behind_links(fs::path path) {
  std::error_code error;
  for (int links = 0; links < links_max && fs::is_symlink(fs::symlink_status(path, error)); ++links) {
    path = path.parent_path() / fs::read_symlink(path, error);
  }
  return path;
}

}  // namespace

fs::path output_path(const std::string& option, const fs::path& given, const config::Config& config,
                     std::span<const fs::path> inputs) {
  const fs::path path = behind_links(given);
  const auto refuse = [&](std::string_view why) {
    throw config::ConfigError(fmt::format("{} {}: {}", option, given.string(), why));
  };
  for (const char* suffix : {"", "-wal", "-shm", "-journal", ".lock"}) {
    if (is_same(path, behind_links(config.storage.path).string() + suffix))
      refuse("belongs to the database; name another file");
  }
  if (std::ranges::any_of(inputs, [&](const fs::path& input) { return is_same(path, input); }))
    refuse("is what is read; name another file");
  if (lies_in(path, config.model.directory))
    refuse("lies in the folder of models, where nothing is ever changed; name another file");
  std::error_code error;
  if (fs::is_directory(path, error)) refuse("is a folder; name a file in it");
  if (fs::is_regular_file(path, error) && is_sqlite(path))
    refuse("is an SQLite file, and they are not overwritten; name another file");
  return path;
}

}  // namespace candled::cli
