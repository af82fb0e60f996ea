#include "config/origin.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "candled/config/config.hpp"

namespace candled::config {

std::string without_counts(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    if (path.front() == '[') {
      const std::size_t close = path.find_first_not_of("0123456789", 1);
      if (close != std::string_view::npos && path[close] == ']') {
        path.remove_prefix(close + 1);
        continue;
      }
    }
    plain += path.front();
    path.remove_prefix(1);
  }
  return plain;
}

void ConfigOrigin::fail(std::initializer_list<std::string_view> paths, std::string_view message) const {
  std::string_view path = *paths.begin();
  std::string where = file_.empty() ? "configuration" : file_;
  for (std::string_view candidate : paths) {
    if (auto found = lines_.find(candidate); found != lines_.end()) {
      path = candidate;
      where += fmt::format(":{}", found->second);
      break;
    }
  }
  std::string line = fmt::format("{}: key '{}': {}", where, without_counts(path), message);
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  throw ConfigError(line);
}

std::string ConfigOrigin::warning_of(const RenamedKey& key) const {
  std::string line = fmt::format("{} = ...", key.name);
  for (const ValueInEffect& one : values_) {
    if (one.path == key.value_path && !one.secret) line = fmt::format("{} = {}", key.name, one.json);
    if (one.path.starts_with(key.value_path + ".")) line = fmt::format("[{}]", without_counts(key.value_path));
  }
  return fmt::format("{}:{}: key '{}' has a new name, and the old one will not be read for ever; write: {}", file_,
                     key.line, without_counts(key.path), line);
}

}  // namespace candled::config
