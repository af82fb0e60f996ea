#include "candled/cli/line/line.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <optional>

namespace candled::cli {

config::Config CommonOptions::load() const {
  config::ConfigOverrides overrides;
  if (!database.empty()) overrides.database = database;
  overrides.markets = markets;
  config::Config loaded =
      config::load_config(config.empty() ? std::nullopt : std::optional<std::filesystem::path>(config), overrides);
  for (const std::string& warning : loaded.warnings) fmt::print(stderr, "candled: warning: {}\n", warning);
  return loaded;
}

Duration duration_option(const std::string& name, const std::string& text) {
  const Result<Duration> duration = parse_duration(text);
  if (!duration) throw config::ConfigError(fmt::format("{} {}", name, duration.error().message));
  return *duration;
}

Timestamp time_option(const std::string& name, const std::string& text) {
  constexpr std::size_t date_length = 10;  // 2025-06-01
  const Result<Timestamp> time = parse_rfc3339(text.size() == date_length ? text + "T00:00:00Z" : text);
  if (!time) {
    throw config::ConfigError(fmt::format("{} '{}' is neither a date (2025-06-01) nor a time (2025-06-01T12:00:00Z)",
                                          name, text.substr(0, 100)));
  }
  return *time;
}

}  // namespace candled::cli
