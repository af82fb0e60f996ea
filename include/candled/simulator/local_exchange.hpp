// A local exchange: speaks an exchange's WebSocket and public REST protocols on one port, plain or TLS, from recorded or synthetic
// trades.
//
// Written from the protocols, sharing nothing with the client. Kraken: WebSocket v2 at /v2 (channels: trade, book, heartbeat,
// status; methods: subscribe, unsubscribe, ping), REST at /0/public/{Trades,OHLC,AssetPairs,SystemStatus,Time}. Other channels
// are refused with the protocol's own error.
//
//   LocalExchangeSettings settings;
//   settings.markets = {{"BTC/USD", SyntheticMarket{.seed = 7}}, {"ETH/USD", SyntheticMarket{.seed = 7}}};
//   settings.speed = 60;
//   auto exchange = LocalExchange::open(std::move(settings));   // listening from here on
//   if (!exchange) ...exchange.error().message...
//   (*exchange)->websocket_url() and rest_url() are what a client's configuration wants
//   (*exchange)->run();                                          // until stop(), a signal, or the end of the tape
//
// An operator (a test, a person with curl) drives faults on the same port, see faults.hpp:
//   curl -X POST 'http://127.0.0.1:PORT/simulator/cut?seconds=5&trades=20'
//   curl -X POST  http://127.0.0.1:PORT/simulator/clear          ends every lasting fault, forgets scheduled ones
//   curl -X POST  http://127.0.0.1:PORT/simulator/start          starts the clock without waiting for a subscriber
//   curl -X POST  http://127.0.0.1:PORT/simulator/stop           run() returns
//   curl          http://127.0.0.1:PORT/simulator/status         counters and markets as JSON
//
// Time. The market has its own clock: it stands at `start` until it is started, then runs `speed` market seconds per
// wall second, and runs on when the tape has ended. A trade is released (to WebSocket and REST at once) when the clock
// reaches it. At speed 0 the trades pull the clock: they are released as fast as the slowest subscribed client reads,
// the clock stands at the last one, the tape waits while nobody is subscribed, and after its end the clock runs in
// real time. Heartbeats, idle limits, rate limits and `seconds` of faults are wall time always.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/simulator/faults.hpp"
#include "candled/simulator/tape.hpp"
#include "candled/simulator/test_certificates.hpp"

namespace candled::simulator {

// Absent: the exchange's own limit, as published or observed; 0 turns it off.
struct ExchangeLimits {
  std::optional<double> rest_calls_per_second;  // per IP
  std::optional<double> rest_burst;             // calls that may come at once
  std::optional<int> connections;  // per IP within the exchange's window; over it upgrades are refused with HTTP 429
  std::optional<double> messages_per_second;  // per WebSocket
  std::optional<Duration> idle;               // a WebSocket without subscription and request is closed
};

// Those that LocalExchangeSettings::exchange can name.
std::vector<std::string> exchange_names();

struct LocalExchangeSettings {
  std::string exchange = "kraken";  // whose protocols it speaks
  std::string listen_address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one, see LocalExchange::port()
  bool tls = false;
  std::string certificate_file, key_file;  // PEM, needed with tls

  std::vector<MarketSettings> markets;  // 1 to 64, each symbol once
  // The market's instant when its clock starts. Absent: the first recorded trade plus `history`; for synthetic markets
  // alone 2025-01-01T00:00:00Z.
  std::optional<Timestamp> start;
  // This much of the market is already past at `start`: REST serves it, snapshots come from it, no WebSocket ever sent
  // it. A synthetic tape begins at start - history; a recorded one gives what it has before `start`, all of it.
  Duration history;
  double speed = 1;
  bool wait_for_subscriber = true;  // the clock starts at the first subscription; false: when run() is called

  std::size_t frame_trades_max = 50;           // trades in one update frame
  std::size_t history_trades_max = 5'000'000;  // per market; older ones are forgotten
  Duration heartbeat = Duration::seconds(1);
  ExchangeLimits limits;
  FaultSettings faults;

  bool stop_at_end = false;      // run() returns when the tape has ended and every client has it, or nobody is left
  bool stop_on_signals = false;  // run() returns on SIGINT and SIGTERM
};

struct ExchangeStatistics {
  std::int64_t connections = 0;  // WebSockets open now
  std::int64_t connections_total = 0;
  std::int64_t connections_refused = 0;
  std::int64_t subscriptions = 0;  // open now
  std::int64_t rest_requests = 0;
  std::int64_t frames_sent = 0;
  std::int64_t books_sent = 0;       // order book updates, over all clients
  std::int64_t trades_released = 0;  // since the start instant
  std::int64_t trades_sent = 0;      // over all clients; snapshots and repeats not counted
  std::int64_t trades_unseen = 0;    // released, and kept from the WebSocket by a fault
  std::int64_t faults = 0;           // faults that have struck
};

class LocalExchange {
 public:
  // Loads the tapes, plays the history, reads the certificate and listens. Errors name the file, symbol or address.
  static Result<std::unique_ptr<LocalExchange>> open(LocalExchangeSettings settings);
  ~LocalExchange();
  LocalExchange(const LocalExchange&) = delete;
  LocalExchange& operator=(const LocalExchange&) = delete;

  std::uint16_t port() const;
  std::string websocket_url() const;  // such as ws://127.0.0.1:8510/v2
  std::string rest_url() const;
  // Serves on the calling thread until stopped. Once.
  void run();
  // From any thread, any time. Connections drop without a close frame. Not for a raw signal handler: use
  // stop_on_signals.
  void stop();
  // From the thread that runs run(), or when it does not run; while it runs, others ask /simulator/status.
  ExchangeStatistics statistics() const;

 private:
  struct Parts;
  std::string url(std::string_view scheme, std::string_view path) const;
  explicit LocalExchange(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace candled::simulator
