// The command line in groups: each file here registers some commands, with their options and help; main dispatches.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/cli/commands.hpp"
#include "candled/config/config.hpp"

namespace CLI {
class App;
}

namespace candled::cli {

// Options common to all commands.
struct CommonOptions {
  std::string config, database;
  std::vector<std::string> markets;

  // Throws ConfigError.
  config::Config load() const;
};

struct Command {
  CLI::App* line;  // of CLI11, which owns it
  std::function<int()> run;
  bool waits_for_signals = true;  // false: it has handlers of its own
};
using Commands = std::vector<Command>;

// Registers a group in `app`. `common` is filled when the line is parsed, and outlives the commands.
Commands simulator_commands(CLI::App& app, const CommonOptions& common, const RunDaemon& run_daemon);  // simulate, demo
Commands storage_commands(CLI::App& app, const CommonOptions& common);                                 // compact
Commands check_commands(CLI::App& app, const CommonOptions& common);                                   // check
Commands features_commands(CLI::App& app, const CommonOptions& common);                                // features
Command check_data_command(CLI::App& check, const CommonOptions& common);
Commands verify_commands(CLI::App& app, const CommonOptions& common);    // verify
Commands status_commands(CLI::App& app, const CommonOptions& common);    // status
Commands models_commands(CLI::App& app, const CommonOptions& common);    // train, tune, models
Commands backtest_commands(CLI::App& app, const CommonOptions& common);  // backtest
Command check_features_command(CLI::App& check, const CommonOptions& common);

// --backfill, --from, --to, --candles and --gap-fill, which are used in place of a command.
struct HistoryLine {
  std::string from, to;
  std::optional<std::string> backfill;  // empty text: the period is in from and to
  bool gap_fill = false;
  bool candles = false;  // instead of trades

  bool asked() const { return backfill || !from.empty() || !to.empty() || gap_fill || candles; }
  // Throws ConfigError for an impossible period.
  int run(const config::Config& config) const;

 private:
  BackfillOptions period() const;
};
void add_history_options(CLI::App& app, HistoryLine& line);
Commands data_commands(CLI::App& app, const CommonOptions& common);  // import, export

// Throw ConfigError that names the option.
Duration duration_option(const std::string& name, const std::string& text);
Timestamp time_option(const std::string& name, const std::string& text);  // RFC 3339, or a date: its first instant, UTC

}  // namespace candled::cli
