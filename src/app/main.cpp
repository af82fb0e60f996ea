// candled: the command line. Parses, dispatches, and turns what cannot start into one line and an exit code.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>
#include <string>

#include "app/daemon.hpp"
#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/flow/thread.hpp"
#include "candled/flow/version.hpp"

namespace {

using namespace candled;
using namespace candled::app;
using namespace candled::cli;

constexpr const char* description =
    "candled: live trades to candles, features, predictions and paper trades, in one process and one SQLite file.\n"
    "It never places a real order.";

constexpr const char* examples = R"(Examples:
  candled                                        watch Kraken BTC/USD, store in ./candled.sqlite
  candled --config /etc/candled/candled.toml     the same from a config file
  candled --market kraken:ETH/USD --db eth.sqlite
  candled --backfill 30d                         fetch thirty days of trades, then exit; run again to continue
  candled --from 2025-06-01 --to 2025-06-08      fetch the trades of these days
  candled --gap-fill                             fetch what is missing since the last stored trade, then exit
  candled import BTCUSDT-1m-2023.zip             candles or trades from files, formats recognised
  candled export candles --out candles.csv       stored data as CSV
  candled train                                  train a model now on the stored data
  candled models list                            every model, with its figures
  candled check                                  would it start?
  candled backtest --from 2023-06-01 --walk-forward   what the strategies would have earned
  candled verify                                 does a replay of the record give the same rows?
  candled status                                 what is the running daemon doing?
  candled demo                                   a simulated market at sixty times real time
  candled simulate --tls --speed 60              a local exchange for tests

Exit codes: 0 done, 1 failed, 2 wrong usage or config. Stop with SIGTERM or Ctrl-C; SIGHUP reloads the model.)";

// The help of each command, and of the commands below it, ends with what all of them take.
void tell_common_options(CLI::App& command) {
  if (command.get_name() == "demo" || command.get_name() == "simulate") return;  // they have settings of their own
  const std::string own = command.get_footer();
  command.footer(fmt::format(
      "{}{}--config FILE, --db FILE and --market exchange:BASE/QUOTE may stand before or after the command.", own,
      own.empty() ? "" : "\n\n"));
  for (CLI::App* below : command.get_subcommands({})) tell_common_options(*below);
}

// '' after an option would pass for an option that was not given.
void refuse_empty_values(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const bool takes_value = option->nonpositional() && option->get_items_expected_min() > 0;
    if (takes_value && std::ranges::find(option->results(), "") != option->results().end())
      throw config::ConfigError(fmt::format("{}: '' is no value; leave the option out", option->get_name()));
  }
  for (const CLI::App* called : command.get_subcommands()) refuse_empty_values(*called);
}

int dispatch(int argc, char** argv) {
  CLI::App app(description, "candled");
  app.set_version_flag("--version", fmt::format("candled {} ({})", flow::program_version(), flow::program_commit()));
  app.require_subcommand(0, 1);
  cli::CommonOptions common;
  cli::HistoryLine history;
  app.add_option("--config", common.config, "TOML file; without one the defaults of etc/candled.toml apply");
  app.add_option("--db", common.database, "SQLite file; overrides [storage] path");
  app.add_option("--market", common.markets, "exchange:BASE/QUOTE; overrides [[market]]; may be repeated")
      ->allow_extra_args(false);
  add_history_options(app, history);
  cli::Commands commands;
  for (const auto& group : {check_commands, status_commands, features_commands, data_commands, storage_commands,
                            models_commands, backtest_commands, verify_commands}) {
    std::ranges::move(group(app, common), std::back_inserter(commands));
  }
  std::ranges::move(simulator_commands(app, common, run_daemon), std::back_inserter(commands));
  app.footer(examples);
  for (CLI::App* command : app.get_subcommands({})) tell_common_options(*command);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "candled: {} (candled --help shows the options)\n", error.what());
    return 2;
  }
  refuse_empty_values(app);
  const auto called =
      std::ranges::find_if(commands, [](const cli::Command& command) { return command.line->parsed(); });
  // From here on signals are waited for, but by a command that has handlers of its own.
  if (called == commands.end() || called->waits_for_signals) flow::block_signals();
  if (called != commands.end()) return called->run();
  const config::Config config = common.load();
  return history.asked() ? history.run(config) : run_daemon(config);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const config::ConfigError& error) {
    fmt::print(stderr, "candled: {}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "candled: {}\n", flow::reason_of(error));
    return 1;
  }
}
