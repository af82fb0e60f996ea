// candled import, with what files may leave unsaid; and --all: every pair that they hold into a market of its own.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "candled/cli/commands.hpp"
#include "candled/config/config.hpp"
#include "candled/domain/time.hpp"

namespace candled::cli {

// What files and their names may leave unsaid.
struct ImportHints {
  std::optional<Timestamp> day;  // of rows that tell the time of day only
  std::string exchange;          // of --all: kraken coinbase binance; empty: the names tell it
};
int run_import(const config::Config& config, const ImportOptions& options, const ImportHints& hints);

// By the names of files and members. The config of one market ("kraken:ETH/USD"), and with an empty name of none in particular; throws
// ConfigError.
using MarketConfigs = std::function<config::Config(const std::string& market)>;
int run_import_all(const MarketConfigs& config_of, const ImportOptions& options, const ImportHints& hints);

}  // namespace candled::cli
