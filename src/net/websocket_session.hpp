// WebSocketSession: one WebSocket connection, plain or TLS. Only whole messages come out; server pings are answered below.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/loop.hpp"
#include "net/tls.hpp"
#include "candled/net/url.hpp"

namespace candled::net {

constexpr Duration connect_timeout = Duration::seconds(10);  // for each of: connecting, TLS, the upgrade

struct ConnectFailure {
  std::string message;                // one line
  std::optional<unsigned> http_status;  // of a refused upgrade
  std::optional<Duration> retry_after;  // stated with it
};

class WebSocketSession {
 public:
  virtual ~WebSocketSession() = default;

  // The next message, with text_padding readable bytes behind it; valid until the next read.
  virtual Task<Result<std::string_view>> read() = 0;
  // One at a time.
  virtual Task<Result<void>> write(std::string message) = 0;
  // Says goodbye and waits shortly for the answer; read() ends meanwhile.
  virtual Task<void> close() = 0;
  // Cuts the connection; a pending read ends with an error.
  virtual void abort() = 0;
  // When the server last sent a control frame (ping, pong), local monotonic clock; 0: never.
  virtual Duration last_control() const = 0;
};

// `tls` is used for a secure URL only. A message of more than message_bytes_max costs the connection. Nothing is thrown.
Task<std::expected<std::unique_ptr<WebSocketSession>, ConnectFailure>> open_websocket(Loop& loop, const Url& url,
                                                                                       TlsContext tls, std::size_t message_bytes_max);

}  // namespace candled::net
