// Server: what the journal has committed, over HTTP/1.1; docs/api.md lists every path. One thread, the caller's.
//
//   GET /                        the page
//   GET /health                  200 or 503 with reasons; needs no token
//   GET /metrics                 Prometheus text
//   GET /predictions/{symbol}    the newest prediction of BTC-USD and the ones before it
//   GET /api/v1/...              everything the page shows; /api/v1/stream: events as they are committed
//   POST /api/v1/...             promote, rollback, pause, resume: with a token, always
//   GET /openapi.json            all of it for programs
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
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/flow/log.hpp"
#include "candled/server/metric.hpp"

namespace candled::server {

// What an indicator is, for people; its values are in the file.
struct IndicatorInfo {
  std::string name, unit, formula;
  int warm_up_candles = 0;
};

struct ServerSettings {
  std::string listen = "127.0.0.1:8501";  // ADDRESS:PORT, [ADDRESS]:PORT, localhost:PORT; port 0 takes any that is free
  // Asked for as `Authorization: Bearer TOKEN`; at least 32 characters where other machines reach us. Empty: nothing is
  // asked for, and POST is refused.
  std::string token;
  std::filesystem::path database;
  MarketTable markets;
  std::size_t connections_max = 256;
  std::size_t streams_max = 64;      // event streams, besides
  double requests_per_second = 500;  // of one address, with bursts of twice as many; 0: no limit
  // For a request to come in, for an answer to go out, for a connection to sit idle.
  Duration timeout = Duration::seconds(30);
  // When there is no room, the connection that has waited longest for a request, and longer than this, is closed.
  Duration idle_min = Duration::seconds(2);
  Duration heartbeat = Duration::seconds(15);  // of a silent event stream

  Duration model_age_max = {};  // a champion older than this, in market time, is unhealthy; 0: any age is fine

  // Shown as they are.
  std::string version;
  bool simulated = false;          // a simulated market: every view says so
  std::string config_json = "{}";  // the settings in effect, secrets hidden
  std::vector<IndicatorInfo> indicators;
};

struct MarketFeed {
  std::string market;  // "kraken:BTC/USD"
  std::string feed;    // "live": one of the five words of `feed`
  std::string state;   // "quiet": one of the words of `markets`, see docs/api.md
};

// Why the daemon is not well.
struct HealthReason {
  std::string word;    // "silent": for programs, never changed; docs/api.md lists every word
  std::string market;  // "kraken:BTC/USD"; empty: it is not about one market
  std::string
      text;  // one sentence for people, with the market and what to do; without figures that change by themselves
};

struct ExchangeFeed {
  std::string exchange;          // "kraken"
  std::int64_t connections = 0;  // that are up
  double silence_s = -1;         // since its last frame; -1: none yet
};

struct Health {
  // Whoever knows of something that is not well tells it here (app/health_watch.cpp, or Routes::health_now for what the journal knows), and
  // adds its word to docs/api.md. /health, /api/v1/status, the event stream, `candled status` and the page show it from then on.
  void tell(std::string word, std::string text, std::string market = {}) {
    reasons.push_back({std::move(word), std::move(market), std::move(text)});
  }

  std::vector<HealthReason> reasons = {};  // empty: well
  std::vector<MarketFeed> markets = {};
  std::vector<ExchangeFeed> exchanges = {};
  double feed_age_s = -1, writer_lag_s = -1, model_age_s = -1, disk_free_bytes = -1;  // -1: not known
};

enum class ControlAction : std::uint8_t { promote, rollback, pause, resume };

// What the journal does not know. Called on the thread in run(), once for each request that shows it (health also once a
// second while somebody listens to the stream); must not block. An empty function: there is no such thing.
struct ServerSources {
  std::function<std::vector<Metric>()> metrics;
  std::function<Health()> health;
  // The card of a model (its meta.json, a JSON object). Refuse: there is none by this name.
  std::function<Result<std::string>(const std::string& model)> model_card = {};
  // Does it, or says why not; the returned text is shown to the person. `model` only for promote.
  std::function<Result<std::string>(ControlAction action, const std::string& model)> control = {};
  // The outcomes of a model's predictions, a JSON object; empty: not known.
  std::function<std::string(const std::string& model)> model_live = {};
};

// Cannot start; the message is one line.
class ServerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Server {
 public:
  // Binds. Throws ServerError (busy port, an address that is not ours, a reachable address without a long token) and
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
