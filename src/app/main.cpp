// candled: the command line. Parses, dispatches, and turns what cannot start into one line and an exit code.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <exception>

#include "app/commands.hpp"
#include "app/signals.hpp"

namespace {

using namespace candled;
using namespace candled::app;

constexpr const char* description =
    "candled: live trades to candles, features, predictions and paper trades, in one process and one SQLite file.\n"
    "It never places a real order.";

constexpr const char* examples = R"(Examples:
  candled                                        watch Kraken BTC/USD, store in ./candled.sqlite
  candled --config /etc/candled/candled.toml     the same from a config file
  candled --market kraken:ETH/USD --db eth.sqlite
  candled --backfill 30d                         fetch thirty days of trades, then exit; run again to go on
  candled --gap-fill                             fetch what is missing since the last stored trade, then exit
  candled check                                  would it start?
  candled demo                                   a simulated market, sixty times as fast as the clock
  candled simulate --tls --speed 60              a local exchange for tests

Exit codes: 0 done, 1 failed, 2 wrong usage or config. Stop with SIGTERM or Ctrl-C; SIGHUP reloads the model.)";

struct CommonOptions {
  std::string config, database;
  std::vector<std::string> markets;

  Config load() const {
    ConfigOverrides overrides;
    if (!database.empty()) overrides.database = database;
    overrides.markets = markets;
    return load_config(config.empty() ? std::nullopt : std::optional<std::filesystem::path>(config), overrides);
  }
};

Duration duration_option(const std::string& name, const std::string& text) {
  const Result<Duration> duration = parse_duration(text);
  if (!duration) throw ConfigError(fmt::format("{} {}", name, duration.error().message));
  return *duration;
}

void add_simulate(CLI::App& app, SimulateOptions& options, std::string& history) {
  CLI::App* simulate = app.add_subcommand("simulate", "A local exchange that speaks Kraken's protocols, for tests and demos");
  simulate->add_option("--listen", options.listen, "address:port for WebSocket and REST; port 0 takes a free one")->capture_default_str();
  simulate->add_option("--symbol", options.symbols, "markets, such as BTC/USD ETH/USD (default BTC/USD)");
  simulate->add_option("--trades", options.files, "CSV files or folders of recorded trades; without them the market is synthetic");
  simulate->add_option("--seed", options.seed, "of the synthetic market and of random faults")->capture_default_str();
  simulate->add_option("--trades-per-minute", options.trades_per_minute, "of the synthetic market")->capture_default_str();
  simulate->add_option("--predictability", options.predictability, "0: a random walk; 1: a weak pattern to find")->capture_default_str();
  simulate->add_option("--length", options.length, "the synthetic tape ends after so much market time, such as 2d");
  simulate->add_option("--speed", options.speed, "market seconds per second; 0: as fast as clients read")->capture_default_str();
  simulate->add_option("--start", options.start, "market time at which the clock starts (RFC 3339)");
  simulate->add_option("--history", history, "so much of the market is past at the start, for REST to serve; such as 12h");
  simulate->add_flag("--start-at-once", options.start_at_once, "do not wait for a subscriber");
  simulate->add_flag("--stop-at-end", options.stop_at_end, "exit when the tape has ended and clients have it");
  simulate->add_flag("--tls", options.tls, "serve over TLS with a fresh private CA (its ca_file is printed)");
  simulate->add_option("--certificates", options.certificates, "folder for the CA and the certificate")->default_str("certificates");
  simulate->add_option("--rest-calls-per-second", options.rest_calls_per_second, "per client; 0: no limit")->capture_default_str();
  simulate->add_option("--fault", options.faults, "such as 'cut?seconds=5&trades=20&at_trade=1000'; may be repeated");
  simulate->footer("Faults can be triggered while it runs: curl -X POST 'http://127.0.0.1:8510/simulator/cut?seconds=5&trades=20'\n"
                   "Kinds: drop repeat cut stall stall_symbol maintenance message_rate ban bad_frame exponent snapshot_descending\n"
                   "rest_limit rest_error rest_down rest_slow rest_short rest_wrong_last rest_lag rest_inclusive");
}

int dispatch(int argc, char** argv) {
  CLI::App app(description, "candled");
  app.footer(examples);
  app.set_version_flag("--version", "candled " CANDLED_VERSION);
  app.require_subcommand(0, 1);
  CommonOptions common;
  std::string backfill;
  bool gap_fill = false;
  app.add_option("--config", common.config, "TOML file; without one the defaults of etc/candled.toml hold");
  app.add_option("--db", common.database, "SQLite file, over [storage] path");
  app.add_option("--market", common.markets, "exchange:BASE/QUOTE, over [[market]]; may be repeated");
  CLI::Option* backfill_option = app.add_option("--backfill", backfill, "fetch trades of this much time, such as 30d, and exit");
  app.add_flag("--gap-fill", gap_fill, "fetch what is missing since the last stored trade and in known holes, and exit")
      ->excludes(backfill_option);

  CLI::App* check = app.add_subcommand("check", "Config and environment, before a start")->fallthrough();
  bool json = false;
  check->add_flag("--json", json, "for programs");
  SimulateOptions simulate;
  simulate.certificates = "certificates";
  std::string history;
  add_simulate(app, simulate, history);
  CLI::App* demo = app.add_subcommand("demo", "The whole daemon against a simulated market");
  DemoOptions demo_options{std::filesystem::temp_directory_path() / "candled-demo"};
  demo->add_option("--directory", demo_options.directory, "for its files; emptied first")->capture_default_str();
  demo->add_option("--speed", demo_options.speed, "market seconds per second")->capture_default_str();
  demo->add_option("--seed", demo_options.seed, "another seed, another market")->capture_default_str();

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "candled: {} (candled --help shows the options)\n", error.what());
    return 2;
  }
  if (app.got_subcommand("simulate")) {
    if (!history.empty()) simulate.history = duration_option("--history:", history);
    return run_simulate(simulate);
  }
  block_signals();  // from here on signals are waited for; the exchange above has handlers of its own
  if (demo->parsed()) return run_demo(demo_options);
  const Config config = common.load();
  if (check->parsed()) return run_check(config, json);
  if (!backfill.empty()) return run_backfill(config, duration_option("--backfill:", backfill));
  return gap_fill ? run_gap_fill(config) : run_daemon(config);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const ConfigError& error) {
    fmt::print(stderr, "candled: {}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "candled: {}\n", error.what());
    return 1;
  }
}
