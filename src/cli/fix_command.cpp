// candled check --fix: a config file that uses former names of keys gets those of today.
#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "candled/cli/commands.hpp"
#include "candled/config/fix.hpp"

namespace candled::cli {

int run_fix(const std::filesystem::path& file) {
  if (file.empty()) throw config::ConfigError("check --fix: say with --config which file");
  const Result<std::vector<std::string>> changes = config::fix_file(file);
  if (!changes) {
    fmt::print(stderr, "candled: {}\n", changes.error().message);
    return 1;
  }
  for (const std::string& change : *changes) fmt::print("{}\n", change);
  if (changes->empty()) fmt::print("{}: every key has its name of today; nothing to change\n", file.string());
  return 0;
}

}  // namespace candled::cli
