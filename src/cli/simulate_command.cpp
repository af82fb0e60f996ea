// candled simulate: the local exchange as a process of its own.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "candled/cli/commands.hpp"
#include "candled/net/endpoint.hpp"
#include "candled/simulator/local_exchange.hpp"

namespace candled::cli {
namespace {

template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw config::ConfigError(result.error().message);
  return std::move(*result);
}

void set_address(simulator::LocalExchangeSettings& settings, const std::string& listen) {
  const std::optional<net::Endpoint> place = net::split_endpoint(listen);
  const std::optional<std::uint16_t> port = place && place->port ? net::parse_port(*place->port) : std::nullopt;
  if (!port) throw config::ConfigError(fmt::format("--listen {}: write address:port, such as 127.0.0.1:8510", listen));
  settings.listen_address = place->host;
  settings.port = *port;
}

void set_tapes(simulator::LocalExchangeSettings& settings, const SimulateOptions& options) {
  if (!options.files.empty()) {
    simulator::TradeFiles files;
    files.paths = options.files;
    settings.markets.push_back({options.symbols.empty() ? "BTC/USD" : options.symbols.front(), files});
    return;
  }
  simulator::SyntheticMarket market;
  market.seed = options.seed;
  market.trades_per_minute = options.trades_per_minute;
  market.predictability = options.predictability;
  if (!options.length.empty()) market.length = value_or_throw(parse_duration(options.length));
  for (const std::string& symbol : options.symbols.empty() ? std::vector<std::string>{"BTC/USD"} : options.symbols) {
    settings.markets.push_back({symbol, market});
  }
}

std::string exchange_name(const std::vector<std::string>& wanted) {
  const std::vector<std::string> known = simulator::exchange_names();
  for (const std::string& name : wanted) {
    if (std::ranges::find(known, name) == known.end()) {
      throw config::ConfigError(
          fmt::format("--exchange {}: there is no simulator of it; there is of {}", name, fmt::join(known, ", ")));
    }
  }
  if (wanted.size() > 1) throw config::ConfigError("--exchange: this version simulates one exchange a process");
  return wanted.empty() ? "kraken" : wanted.front();
}

simulator::LocalExchangeSettings exchange_settings(const SimulateOptions& options) {
  simulator::LocalExchangeSettings settings;
  settings.exchange = exchange_name(options.exchanges);
  set_address(settings, options.listen);
  set_tapes(settings, options);
  settings.speed = options.speed;
  settings.history = options.history;
  settings.wait_for_subscriber = !options.start_at_once;
  settings.stop_at_end = options.stop_at_end;
  settings.stop_on_signals = true;
  settings.limits.rest_calls_per_second = options.rest_calls_per_second;
  settings.faults.seed = options.seed;
  if (!options.start.empty()) settings.start = value_or_throw(parse_rfc3339(options.start));
  for (const std::string& fault : options.faults)
    settings.faults.faults.push_back(value_or_throw(simulator::parse_fault(fault)));
  if (options.tls) {
    std::filesystem::create_directories(options.certificates);
    const auto certificates = value_or_throw(simulator::write_test_certificates(options.certificates.string()));
    settings.tls = true;
    settings.certificate_file = certificates.certificate_file;
    settings.key_file = certificates.key_file;
    fmt::print("ca_file = \"{}\"\n", certificates.ca_file);
  }
  return settings;
}

}  // namespace

int run_simulate(const SimulateOptions& options) {
  simulator::LocalExchangeSettings settings = exchange_settings(options);
  auto exchange = simulator::LocalExchange::open(std::move(settings));
  if (!exchange) throw std::runtime_error(exchange.error().message);
  // Ready to be pasted below the exchange's [exchange.NAME]; a test waits for the last line.
  fmt::print("websocket_url = \"{}\"\nrest_url = \"{}\"\nclock_rate = {}\n", (*exchange)->websocket_url(),
             (*exchange)->rest_url(), options.speed > 0 ? options.speed : 1.0);
  std::fflush(stdout);
  (*exchange)->run();
  const simulator::ExchangeStatistics s = (*exchange)->statistics();
  fmt::print("stopped: {} trades released, {} sent, {} kept back by faults, {} REST requests, {} connections\n",
             s.trades_released, s.trades_sent, s.trades_unseen, s.rest_requests, s.connections_total);
  return 0;
}

}  // namespace candled::cli
