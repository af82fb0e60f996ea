#include "candled/config/toml_document.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "candled/config/config.hpp"

namespace candled::config {
namespace {

constexpr std::size_t file_bytes_max = 1'000'000;
constexpr std::size_t key_parts_max = 32;

TomlValue convert(const toml::node& node);

TomlTable convert_table(const toml::table& table) {
  TomlTable entries;
  for (const auto& [key, node] : table) {
    entries.push_back({std::string(key.str()), key.source().begin.line, convert(node), key.source().begin.column});
  }
  std::ranges::stable_sort(entries, {}, &TomlEntry::line);
  return entries;
}

TomlValue convert(const toml::node& node) {
  TomlValue value;
  value.line = node.source().begin.line;
  if (const auto* table = node.as_table()) {
    value.data = convert_table(*table);
  } else if (const auto* array = node.as_array()) {
    std::vector<TomlValue> elements;
    for (const toml::node& element : *array) elements.push_back(convert(element));
    value.data = std::move(elements);
  } else if (const auto* text = node.as_string()) {
    value.data = text->get();
  } else if (const auto* whole = node.as_integer()) {
    value.data = whole->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.data = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.data = flag->get();
  }
  return value;
}

// toml++ goes one call deeper for each part of a dotted key, so a long one would end the process.
void refuse_deep_keys(std::string_view bytes, const std::string& file) {
  std::size_t line = 1, dots = 0;
  char quote = 0;
  bool in_comment = false;
  for (const char c : bytes) {
    if (c == '\n') {
      ++line;
      quote = 0;
      in_comment = false;
      dots = 0;
    } else if (in_comment || (quote != 0 && c != quote)) {
      continue;
    } else if (c == '"' || c == '\'') {
      quote = quote == 0 ? c : '\0';
    } else if (c == '#') {
      in_comment = true;
    } else if (c == '.') {
      if (++dots >= key_parts_max)
        throw ConfigError(fmt::format("{}:{}: a key of more than {} parts", file, line, key_parts_max));
    } else if (std::string_view(",=[]{}").contains(c)) {
      dots = 0;
    }
  }
}

std::string on_one_line(std::string_view text) {
  std::string line;
  for (char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return line;
}

}  // namespace

const char* kind_of(const TomlValue& value) {
  constexpr const char* names[] = {"a date or time", "true or false", "a whole number", "a number",
                                   "text",           "an array",      "a table"};
  return names[value.data.index()];
}

std::string read_config_file(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    throw ConfigError(fmt::format("{}: is a directory, not a configuration file", file.string()));
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw ConfigError(fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
  // Read one byte over the limit and no more: the file may be a device without an end.
  std::string bytes(file_bytes_max + 1, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (stream.bad()) throw ConfigError(fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  if (bytes.size() > file_bytes_max) {
    throw ConfigError(
        fmt::format("{}: larger than {} bytes, which is no configuration file", file.string(), file_bytes_max));
  }
  return bytes;
}

TomlTable parse_toml(const std::string& text, const std::string& name) {
  refuse_deep_keys(text, name);
  try {
    return convert_table(toml::parse(text, name));
  } catch (const toml::parse_error& error) {
    throw ConfigError(
        fmt::format("{}:{}: not valid TOML: {}", name, error.source().begin.line, on_one_line(error.description())));
  }
}

TomlTable read_toml(const std::filesystem::path& file) { return parse_toml(read_config_file(file), file.string()); }

}  // namespace candled::config
