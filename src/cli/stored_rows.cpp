#include "cli/stored_rows.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "candled/config/assembly.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/store/reader.hpp"
#include "cli/held_markets.hpp"

namespace candled::cli {

config::Config with_flags(config::Config config, const LearningFlags& flags) {
  if (flags.window) config.training.window = *flags.window;
  if (flags.horizon) config.training.horizon = *flags.horizon;
  if (!flags.kind.empty()) config.model.kind = flags.kind;
  if (!flags.promote.empty()) config.training.promote = *model::promotion_rule_named(flags.promote);
  const Duration horizon = config.training.horizon, interval = config.table.front().interval;
  if (horizon < interval || interval * (horizon / interval) != horizon) {
    throw config::ConfigError(
        fmt::format("--horizon: {} is not a multiple of the interval {}", to_text(horizon), to_text(interval)));
  }
  if (config.training.window <= horizon) {
    throw config::ConfigError(fmt::format("the horizon of {} is not shorter than the window of {}", to_text(horizon),
                                          to_text(config.training.window)));
  }
  return config;
}

Result<model::TrainingRows> window_rows(const config::Config& config, Duration window) {
  const Market market = config.table.front();
  const std::string database = config.storage.path.string();
  if (!std::filesystem::exists(config.storage.path)) {
    return refuse(fmt::format("there is no database {}: candled --backfill 30d or candled import makes one", database));
  }
  const store::Reader reader(config.storage.path, {market});
  const std::optional<Timestamp> newest = reader.last_candle_open_time(market.id);
  if (!newest)
    return refuse(nothing_of(market.name(), config.storage.path) +
                  ": say --market, or bring some with candled --backfill 30d or candled import");
  const store::FeatureListRecord features = engine::feature_lists({market}, config.features.list).front();
  if (!reader.rows_are_of(market.id, features.hash)) {
    return refuse(
        fmt::format("the feature rows of {} in {} are of another list than [features] list: start the daemon on it, "
                    "which rebuilds them",
                    market.name(), database));
  }
  const Timestamp end = *newest + market.interval;
  return engine::training_rows(reader.training_rows(market.id, end - window, features.hash, features.names.size()),
                               features, market.interval);
}

engine::RoundSettings round_settings(const config::Config& config) {
  engine::RoundSettings settings;
  settings.directory = config.model.directory;
  settings.training = config::training_settings(config);
  settings.promote = config.training.promote;
  settings.paper = config::paper_settings(config, 0);
  settings.strategies = config::strategy_settings(config);
  return settings;
}

}  // namespace candled::cli
