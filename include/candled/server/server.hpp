// Server: what the journal has committed, over HTTP/1.1. GET and HEAD only; one thread, the caller's.
//
//   GET /health                  200 or 503; needs no token
//   GET /metrics                 Prometheus text
//   GET /predictions/{symbol}    the newest prediction of BTC-USD; ?limit=N adds the last N
//   GET /api/v1/status           markets, last candles, champion
//   GET /api/v1/{trades, candles, predictions, fills, equity, models, gaps}   newest first; ?market= ?strategy= ?limit=
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/flow/log.hpp"
#include "candled/server/metric.hpp"

namespace candled::server {

struct ServerSettings {
  std::string listen = "127.0.0.1:8501";  // ADDRESS:PORT, [ADDRESS]:PORT, localhost:PORT; port 0 takes any that is free
  std::string token;                      // asked for as `Authorization: Bearer TOKEN`; empty: nothing is asked for
  std::filesystem::path database;
  MarketTable markets;
  std::size_t connections_max = 64;
  // For a request to come in, for an answer to go out, for a connection to sit idle.
  Duration timeout = Duration::seconds(30);
};

struct MarketFeed {
  std::string market;  // "kraken:BTC/USD"
  std::string state;   // "live"
};

struct FeedHealth {
  bool ok = true;
  std::string problem;  // why not, in one line
  std::vector<MarketFeed> markets;
};

// What the journal does not know. Called on the thread in run(), once for each request that shows it; must not block.
struct ServerSources {
  std::function<std::vector<Metric>()> metrics;
  std::function<FeedHealth()> feed;
};

// Cannot start; the message is one line.
class ServerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Server {
 public:
  // Binds. Throws ServerError (busy port, an address that is not ours, a reachable address without a token) and
  // store::StoreError (the file, which must exist). The log must outlive the server.
  Server(ServerSettings settings, ServerSources sources, flow::Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  // Serves until request_stop(); can be called once.
  void run();
  // Any thread, also before run(). Running queries end, open connections are cut.
  void request_stop();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::server
