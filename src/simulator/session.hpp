// Session: one WebSocket client's conversation, without the socket and without the exchange's words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/net/token_bucket.hpp"
#include "simulator/dialect.hpp"

namespace candled::simulator {

class Exchange;

// Wall times are since the server began. The link outlives the session.
class Session {
 public:
  Session(Exchange& exchange, Link& link, Duration wall);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Says the status; where there is maintenance, closes then.
  void open(const Opening& opening, Duration wall);
  void receive(std::string_view message, Duration wall);
  void receive_pong() { pong_due_.reset(); }
  // Heartbeat, pings and idle limit; call several times a second.
  void tick(Duration wall);

  // Not sent while the exchange is stalled, and not where there is nothing to be said (null).
  void send(const Frame& frame, Duration wall);
  // Both end the session at once: nothing that is released from here on is for this client.
  void cut();
  void close(std::uint16_t code, std::string reason);
  const Client& client() const { return client_; }
  std::size_t queued_bytes() const { return link_.queued_bytes(); }

 private:
  void end();
  void carry_out(const Request& request, Duration wall);
  std::optional<Refusal> subscribe(const Request& request, const Topic& topic, Duration wall);
  std::optional<Refusal> unsubscribe(const Topic& topic);
  void accept(const Request& request, const Topic& topic, Duration wall);
  void refuse(const Request& request, Refusal refusal, std::string_view market, Duration wall);
  void begin_subscription(Duration wall);
  void tick_pings(Duration wall);

  Exchange& exchange_;
  Link& link_;
  Client client_;
  net::TokenBucket messages_;
  bool subscribed_ever_ = false;
  bool ended_ = false;
  Duration next_heartbeat_;
  Duration last_request_;
  Duration next_ping_;
  std::optional<Duration> pong_due_;
};

}  // namespace candled::simulator
