#include "candled/simulator/local_exchange.hpp"

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
  Result<OpenedMarkets> markets = open_markets(settings);
  if (!markets) return std::unexpected(markets.error());
  for (const ScheduledFault& fault : settings.faults.faults) {
    const std::string& symbol = fault.fault.symbol;
    const auto same = [&](const MarketSettings& m) { return m.symbol == symbol; };
    if (!symbol.empty() && std::none_of(settings.markets.begin(), settings.markets.end(), same)) {
      return refuse("fault '" + std::string(name_of(fault.fault.kind)) +
                    "' names a market that is not here: " + symbol);
    }
  }
  std::unique_ptr<Parts> parts(new Parts{Exchange(std::move(settings), std::move(*markets)), nullptr});
  Result<std::unique_ptr<Server>> server = Server::open(parts->exchange);
  if (!server) return std::unexpected(server.error());
  parts->server = std::move(*server);
  return std::unique_ptr<LocalExchange>(new LocalExchange(std::move(parts)));
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
