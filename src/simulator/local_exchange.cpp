#include "candled/simulator/local_exchange.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "candled/net/endpoint.hpp"
#include "simulator/dialects.hpp"
#include "simulator/exchange.hpp"
#include "simulator/network.hpp"
#include "simulator/open_tapes.hpp"

namespace candled::simulator {

// The server is declared last: it goes first, and its connections with it.
struct LocalExchange::Parts {
  Exchange exchange;
  std::unique_ptr<Server> server;
};

LocalExchange::LocalExchange(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LocalExchange::~LocalExchange() = default;

Result<std::unique_ptr<LocalExchange>> LocalExchange::open(LocalExchangeSettings settings) {
  Result<std::unique_ptr<Dialect>> dialect = make_dialect(dialects, settings.exchange, settings.faults.seed);
  if (!dialect) return std::unexpected(dialect.error());
  Result<OpenedMarkets> markets = open_markets(settings, **dialect);
  if (!markets) return std::unexpected(markets.error());
  for (const ScheduledFault& fault : settings.faults.faults) {
    const std::string& symbol = fault.fault.symbol;
    const auto same = [&](const MarketSettings& m) { return m.symbol == symbol; };
    if (!symbol.empty() && std::none_of(settings.markets.begin(), settings.markets.end(), same)) {
      return refuse("fault '" + std::string(name_of(fault.fault.kind)) +
                    "' names a market that is not here: " + symbol);
    }
  }
  std::unique_ptr<Parts> parts(
      new Parts{Exchange(std::move(settings), std::move(*markets), std::move(*dialect)), nullptr});
  Result<std::unique_ptr<Server>> server = Server::open(parts->exchange);
  if (!server) return std::unexpected(server.error());
  parts->server = std::move(*server);
  return std::unique_ptr<LocalExchange>(new LocalExchange(std::move(parts)));
}

std::vector<std::string> exchange_names() {
  std::vector<std::string> names;
  for (const DialectEntry& entry : dialects) names.emplace_back(entry.name);
  return names;
}

std::string LocalExchange::websocket_url() const { return url("ws", parts_->exchange.dialect().websocket_path()); }
std::string LocalExchange::rest_url() const { return url("http", parts_->exchange.dialect().rest_path()); }

std::string LocalExchange::url(std::string_view scheme, std::string_view path) const {
  const LocalExchangeSettings& settings = parts_->exchange.settings();
  const std::string& listen = settings.listen_address;
  const std::string address = net::is_ipv6(listen) ? "[" + listen + "]" : listen;  // as a URL has it
  return fmt::format("{}{}://{}:{}{}", scheme, settings.tls ? "s" : "", address, port(), path);
}

std::uint16_t LocalExchange::port() const { return parts_->server->port(); }
void LocalExchange::run() { parts_->server->run(); }
void LocalExchange::stop() { parts_->server->stop(); }

ExchangeStatistics LocalExchange::statistics() const {
  ExchangeStatistics statistics = parts_->exchange.statistics();
  statistics.connections = parts_->exchange.connections();
  return statistics;
}

}  // namespace candled::simulator
