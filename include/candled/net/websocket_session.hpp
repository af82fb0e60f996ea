// WebSocketSession: one WebSocket connection, plain or TLS. Only whole messages come out; the stream answers server pings.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "candled/net/loop.hpp"
#include "candled/net/rest.hpp"
#include "candled/net/url.hpp"

namespace candled::net {

constexpr Duration connect_timeout = Duration::seconds(10);  // for each of: connecting, TLS, the upgrade

struct ConnectFailure {
  std::string message;                  // one line
  std::optional<unsigned> http_status;  // of a refused upgrade
  std::optional<Duration> retry_after;  // stated with it
};

class WebSocketSession {
 public:
  // The stream is connected.
  WebSocketSession(Loop& loop, std::unique_ptr<flow::MessageStream> stream) : loop_(loop), stream_(std::move(stream)) {}

  // The next message, with text_padding readable bytes after it; valid until the next read.
  Task<Result<std::string_view>> read();
  // One at a time.
  Task<Result<void>> write(std::string message);
  // Says goodbye and waits shortly for the answer; read() ends meanwhile.
  Task<void> close();
  // Cuts the connection; a pending read ends with an error.
  void abort() { stream_->abort(); }
  // When the server last sent a control frame (ping, pong), local monotonic clock; 0: never.
  Duration last_control() const { return stream_->last_control(); }

 private:
  Loop& loop_;
  std::unique_ptr<flow::MessageStream> stream_;
};

// ca_file: for a secure URL. A message of more than message_bytes_max costs the connection. Nothing is thrown.
Task<std::expected<std::unique_ptr<WebSocketSession>, ConnectFailure>> open_websocket(Loop& loop, Url url,
                                                                                      std::string ca_file,
                                                                                      std::size_t message_bytes_max);

}  // namespace candled::net
