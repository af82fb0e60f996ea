// Server: the sockets of a local exchange. The only place that knows Asio and Beast.
#pragma once

#include <cstdint>
#include <memory>

#include "simulator/exchange.hpp"

namespace candled::simulator {

class Server {
 public:
  // Listens; the exchange must outlive the server.
  static Result<std::unique_ptr<Server>> open(Exchange& exchange);
  virtual ~Server() = default;

  virtual std::uint16_t port() const = 0;
  virtual void run() = 0;
  virtual void stop() = 0;  // from any thread
};

}  // namespace candled::simulator
