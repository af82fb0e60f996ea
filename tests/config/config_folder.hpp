// A folder for one test, and what loading a configuration from it says.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "candled/config/config.hpp"

namespace candled::config {

// A directory of this test alone, which goes away with it, and in which `bad.toml` is the file under test.
class ConfigFolder {
 public:
  ConfigFolder() : path_(std::filesystem::temp_directory_path() / fmt::format("candled-config-test-{}", getpid())) {
    std::filesystem::create_directories(path_);
  }
  ~ConfigFolder() { std::filesystem::remove_all(path_); }
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;

  std::filesystem::path write(std::string_view text) const {
    const std::filesystem::path file = path_ / "bad.toml";
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline Config load(std::string_view text, const ConfigOverrides& overrides = {}) {
  const ConfigFolder folder;
  return load_config(folder.write(text), overrides);
}

// The error line without the directory of the file; "loaded" when there was none.
inline std::string error_of(std::string_view text, const ConfigOverrides& overrides = {}) {
  const ConfigFolder folder;
  try {
    load_config(folder.write(text), overrides);
    return "loaded";
  } catch (const ConfigError& error) {
    std::string line = error.what();
    const std::string directory = folder.path().string() + "/";
    for (std::size_t at = line.find(directory); at != std::string::npos; at = line.find(directory))
      line.erase(at, directory.size());
    return line;
  }
}

inline void check_error(std::string_view text, std::string_view expected) {
  INFO(text);
  CHECK(error_of(text) == expected);
}

// The keys that a file shows, commented-out ones ("# interval = ...") too: "market.interval".
inline std::set<std::string> keys_shown(const std::string& toml) {
  std::set<std::string> keys;
  std::istringstream lines(toml);
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('['))
      section = line.substr(line.find_first_not_of('['), line.find(']') - line.find_first_not_of('['));
    const std::size_t start = line.starts_with("# ") ? 2 : 0;
    const std::size_t end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", start);
    if (end != std::string::npos && end > start && line.substr(end).starts_with(" = ")) {
      keys.insert(section + "." + line.substr(start, end - start));
    }
  }
  return keys;
}

}  // namespace candled::config
