#include "app/line/line.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

namespace candled::app {

Config CommonOptions::load() const {
  ConfigOverrides overrides;
  if (!database.empty()) overrides.database = database;
  overrides.markets = markets;
  return load_config(config.empty() ? std::nullopt : std::optional<std::filesystem::path>(config), overrides);
}

Duration duration_option(const std::string& name, const std::string& text) {
  const Result<Duration> duration = parse_duration(text);
  if (!duration) throw ConfigError(fmt::format("{} {}", name, duration.error().message));
  return *duration;
}

}  // namespace candled::app
