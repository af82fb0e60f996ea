// TomlDocument: a TOML file as plain values with their lines, so that only one source file compiles toml++.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace candled::config {

struct TomlEntry;
using TomlTable = std::vector<TomlEntry>;  // in the order of the lines

struct TomlMoment {};  // a date or a time, which no key of ours takes

struct TomlValue {
  std::variant<TomlMoment, bool, std::int64_t, double, std::string, std::vector<TomlValue>, TomlTable> data;
  std::size_t line = 0;
};

struct TomlEntry {
  std::string key;
  std::size_t line = 0;
  TomlValue value;
  std::size_t column = 0;  // of the key, in characters from 1
};

// "a whole number", "text" ... for messages.
const char* kind_of(const TomlValue& value);

// The bytes of the file. Throws ConfigError "FILE: ..." for one that cannot be read or is over 1 MB.
std::string read_config_file(const std::filesystem::path& file);
// Throws ConfigError "FILE: ..." for a file that cannot be read or is over 1 MB, "FILE:LINE: ..." for a syntax error.
TomlTable read_toml(const std::filesystem::path& file);
// The same for a text; `name` is used as the file's name.
TomlTable parse_toml(const std::string& text, const std::string& name);

}  // namespace candled::config
