// candled demo: the whole daemon against the embedded local exchange, a simulated market on loopback over TLS.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "candled/cli/commands.hpp"
#include "candled/flow/thread.hpp"
#include "candled/simulator/local_exchange.hpp"

namespace candled::cli {
namespace {

constexpr const char* marker = ".candled-demo";  // only a folder that holds it is ever emptied

void prepare_directory(const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  if (fs::exists(directory) && !fs::is_empty(directory) && !fs::exists(directory / marker)) {
    throw std::runtime_error(fmt::format("{} is not a demo's folder: choose another --directory", directory.string()));
  }
  fs::remove_all(directory);
  fs::create_directories(directory);
  std::ofstream(directory / marker) << "a candled demo; emptied at its next start\n";
}

simulator::LocalExchangeSettings market_settings(const DemoOptions& options,
                                                 const simulator::TestCertificates& certificates) {
  simulator::LocalExchangeSettings settings;
  settings.tls = true;
  settings.certificate_file = certificates.certificate_file;
  settings.key_file = certificates.key_file;
  simulator::SyntheticMarket market;
  market.seed = options.seed;
  settings.markets = {{"BTC/USD", market}};
  settings.history = Duration::hours(12);
  settings.speed = options.speed;
  settings.limits.rest_calls_per_second = 0;  // nobody else's machine is asked
  return settings;
}

config::Config demo_config(const DemoOptions& options, const simulator::TestCertificates& certificates,
                           const simulator::LocalExchange& market) {
  config::Config config = config::load_config(std::nullopt, {options.directory / "candled.sqlite", {}});
  ingest::ExchangeSettings& exchange = config.exchanges.front();
  exchange.websocket_url = market.websocket_url();
  exchange.rest_url = market.rest_url();
  exchange.ca_file = certificates.ca_file;
  exchange.clock_rate = options.speed;
  exchange.rest_interval = Duration::milliseconds(50);
  config.log.mark = "simulated";
  config.history.on_start = Duration::hours(12);
  config.model.directory = options.directory / "models";
  return config;
}

}  // namespace

int run_demo(const DemoOptions& options, const RunDaemon& run_daemon) {
  prepare_directory(options.directory);
  auto certificates = simulator::write_test_certificates(options.directory.string());
  if (!certificates) throw std::runtime_error(certificates.error().message);
  auto exchange = simulator::LocalExchange::open(market_settings(options, *certificates));
  if (!exchange) throw std::runtime_error(exchange.error().message);
  fmt::print(
      stderr,
      "SIMULATED MARKET: synthetic trades from the embedded exchange, {:g} times as fast as the clock, dated 2025.\n"
      "Nothing here is a real price. Files: {}   Stop with Ctrl-C.\n\n",
      options.speed, options.directory.string());
  flow::TaskThread market("simulator", [&] { (*exchange)->run(); });
  const config::Config config = demo_config(options, *certificates, **exchange);
  int code = 1;
  try {
    code = run_daemon(config);
  } catch (...) {
    (*exchange)->stop();
    throw;
  }
  (*exchange)->stop();
  fmt::print(stderr,
             "\nSIMULATED MARKET: what the demo stored is in {}\n  sqlite3 -header -column {} 'SELECT * FROM fills "
             "LIMIT 10'\n",
             config.storage.path.string(), config.storage.path.string());
  return code;
}

}  // namespace candled::cli
