// simulate and demo: a market to try things on.
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {
namespace {

void refuse_common(const CommonOptions& common, const char* command) {
  if (common.config.empty() && common.database.empty() && common.markets.empty()) return;
  throw config::ConfigError(std::string(command) +
                            " has settings of its own and takes none of --config, --db and --market");
}

Command simulate_command(CLI::App& app, const CommonOptions& common) {
  auto kept = std::make_shared<SimulateOptions>();
  auto history = std::make_shared<std::string>();
  SimulateOptions& options = *kept;
  options.certificates = "certificates";
  CLI::App* simulate =
      app.add_subcommand("simulate", "A local exchange that speaks a real one's protocols, for tests and demos");
  simulate->add_option("--listen", options.listen, "address:port for WebSocket and REST; port 0 takes a free one")
      ->capture_default_str();
  simulate->add_option("--exchange", options.exchanges, "the exchange whose protocols to speak (default kraken)")
      ->allow_extra_args(false);
  simulate->add_option("--symbol", options.symbols, "markets, such as BTC/USD ETH/USD (default BTC/USD)");
  simulate->add_option("--trades", options.files,
                       "CSV files or folders of recorded trades; without them the market is synthetic");
  simulate->add_option("--seed", options.seed, "seed of the synthetic market and of random faults")
      ->capture_default_str();
  simulate->add_option("--trades-per-minute", options.trades_per_minute, "pace of the synthetic market")
      ->capture_default_str();
  simulate->add_option("--predictability", options.predictability, "0: a random walk; 1: a weak pattern")
      ->capture_default_str();
  simulate->add_option("--length", options.length, "length of the synthetic tape in market time, such as 2d");
  simulate->add_option("--speed", options.speed, "market seconds per second; 0: as fast as clients read")
      ->capture_default_str();
  simulate->add_option("--start", options.start, "market time at which the clock starts (RFC 3339)");
  simulate->add_option("--history", *history, "market time before the start that REST serves, such as 12h");
  simulate->add_flag("--start-at-once", options.start_at_once, "do not wait for a subscriber");
  simulate->add_flag("--stop-at-end", options.stop_at_end, "exit when the tape has ended and clients have received it");
  simulate->add_flag("--tls", options.tls, "serve over TLS with a fresh private CA (its ca_file is printed)");
  simulate->add_option("--certificates", options.certificates, "folder for the CA and the certificate")
      ->default_str("certificates");
  simulate->add_option("--rest-calls-per-second", options.rest_calls_per_second,
                       "per client; 0: no limit (default: the exchange's own)");
  simulate->add_option("--fault", options.faults, "such as 'cut?seconds=5&trades=20&at_trade=1000'; may be repeated");
  simulate->footer(
      "Faults can be triggered while it runs: curl -X POST 'http://127.0.0.1:8510/simulator/cut?seconds=5&trades=20'\n"
      "Kinds: drop repeat cut stall stall_symbol maintenance message_rate ban bad_frame exponent snapshot_descending\n"
      "book_checksum book_drop book_refused\n"
      "rest_limit rest_error rest_down rest_slow rest_short rest_wrong_last rest_lag rest_inclusive rest_repeat");
  return {simulate,
          [kept, history, &common] {
            refuse_common(common, "simulate");
            if (!history->empty()) kept->history = duration_option("--history:", *history);
            return run_simulate(*kept);
          },
          false};
}

Command demo_command(CLI::App& app, const CommonOptions& common, const RunDaemon& run_daemon) {
  auto options = std::make_shared<DemoOptions>(DemoOptions{std::filesystem::temp_directory_path() / "candled-demo"});
  CLI::App* demo = app.add_subcommand("demo", "The whole daemon on a simulated market");
  demo->add_option("--directory", options->directory, "for its files; emptied first")->capture_default_str();
  demo->add_option("--speed", options->speed, "market seconds per second")->capture_default_str();
  demo->add_option("--seed", options->seed, "seed of the market")->capture_default_str();
  return {demo, [options, &common, run_daemon] {
            refuse_common(common, "demo");
            return run_demo(*options, run_daemon);
          }};
}

}  // namespace

Commands simulator_commands(CLI::App& app, const CommonOptions& common, const RunDaemon& run_daemon) {
  return {simulate_command(app, common), demo_command(app, common, run_daemon)};
}

}  // namespace candled::cli
