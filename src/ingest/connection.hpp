// Connection: one WebSocket connection: its messages out, one at a time and at the exchange's pace, its silence, its end.
//
// Shared by those who read it, watch it and close it. Times are local (monotonic).
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "candled/ingest/exchange_descriptor.hpp"
#include "candled/net/loop.hpp"
#include "candled/net/websocket_session.hpp"
#include "ingest/exchange.hpp"
#include "ingest/send_pace.hpp"

namespace candled::ingest {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(net::Loop& loop, std::unique_ptr<net::WebSocketSession> session, MessagePace pace, Duration now);

  // As net::WebSocketSession::read(); the error of a connection that we cut is why.
  net::Task<Result<std::string_view>> read();
  // The last frame has been handled.
  void handled(Duration now) { heard_ = now; }

  void send(std::string message);
  void send(std::vector<StreamRequest> requests);
  bool writing() const { return writing_; }

  // Silence counts only while this thread was free to hear (since_last_look is short): after a wait for room in the channel, data
  // lies in the socket. True when it lasts longer than the watchdog, seen several times.
  bool is_dead(Duration now, Duration since_last_look, Duration watchdog);
  Duration silence(Duration now) const { return now - std::max(heard_, session_->last_control()); }

  // Ends it ourselves; a pending read() ends with this reason.
  void cut(std::string why);
  void abort() { session_->abort(); }
  // Says goodbye and waits shortly for the answer.
  net::Task<void> close() { return session_->close(); }

  Duration opened() const { return opened_; }
  // How long it carried frames.
  Duration carried() const { return heard_ - opened_; }

 private:
  static net::Task<void> say(std::shared_ptr<Connection> self);

  net::Loop& loop_;
  std::unique_ptr<net::WebSocketSession> session_;
  SendPace pace_;
  Duration opened_;
  Duration heard_;                   // end of the handling of the last frame
  std::vector<std::string> outbox_;  // messages that wait for the one that is being written
  bool writing_ = false;
  int silent_looks_ = 0;
  std::string fault_;  // why we cut it ourselves
};

}  // namespace candled::ingest
