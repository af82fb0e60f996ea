// Link: the socket of one WebSocket client, as its session sees it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace candled::simulator {

// One text frame; shared by all clients that get the same.
using Frame = std::shared_ptr<const std::string>;

inline Frame make_frame(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

// Of a close frame (RFC 6455).
namespace close_code {
constexpr std::uint16_t normal = 1000, going_away = 1001, policy_violation = 1008;
}

class Link {
 public:
  virtual ~Link() = default;
  virtual void send(Frame frame) = 0;
  // A ping frame; a pong comes back to the session.
  virtual void ping() = 0;
  // Sends what is queued, then drops the connection without a close frame.
  virtual void cut() = 0;
  // Sends what is queued, then a close frame.
  virtual void close(std::uint16_t code, std::string reason) = 0;
  virtual std::size_t queued_bytes() const = 0;
};

}  // namespace candled::simulator
