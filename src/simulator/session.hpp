// Session: one WebSocket client's conversation, without the socket.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

#include "candled/net/token_bucket.hpp"
#include "simulator/client_request.hpp"
#include "simulator/frame_builder.hpp"
#include "simulator/link.hpp"

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
  void open(Duration wall);
  void receive(std::string_view message, Duration wall);
  // Heartbeat and idle limit; call several times a second.
  void tick(Duration wall);

  // Anything but a reply to a request: not sent while the exchange is stalled.
  void send(const Frame& frame, Duration wall);
  // Both end the session at once: nothing that is released from here on is for this client.
  void cut();
  void close(std::uint16_t code, std::string reason);
  MarketSet subscriptions() const { return subscriptions_; }
  // Of the order book that this client follows; 0: none.
  std::size_t book_depth(std::size_t market) const {
    const auto at = book_depths_.find(market);
    return at == book_depths_.end() ? 0 : at->second;
  }
  std::size_t queued_bytes() const { return link_.queued_bytes(); }

 private:
  void subscribe(const ClientRequest& request, Duration wall);
  void subscribe_trades(const ClientRequest& request, std::string_view symbol, Duration wall);
  void subscribe_book(const ClientRequest& request, std::string_view symbol, Duration wall);
  void unsubscribe(const ClientRequest& request, Duration wall);
  void unsubscribe_book(const ClientRequest& request, std::string_view symbol, Duration wall);
  void begin_subscription(Duration wall);
  void reply(const ClientRequest& request, std::string_view symbol, Duration wall);
  void refuse_request(const ClientRequest& request, std::string_view error, std::string_view symbol, Duration wall);

  Exchange& exchange_;
  Link& link_;
  net::TokenBucket messages_;
  MarketSet subscriptions_ = 0;
  std::map<std::size_t, std::size_t> book_depths_;  // by market
  bool subscribed_ever_ = false;
  bool ended_ = false;
  Duration next_heartbeat_;
  Duration last_request_;
};

}  // namespace candled::simulator
