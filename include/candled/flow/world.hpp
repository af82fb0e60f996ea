// World: everything that net and ingest take from outside: time, timers, random numbers, name look-up and connections. A dependency,
// passed to them.
//
// Those rooms use nothing else of the machine: no clock, socket, resolver, timer, thread or random device. So the world alone decides
// what a run does, and a simulated world, with its own clock and with objects as peers, drives the same code to the same events. That
// is why the interface consists of values and callbacks:
//   - Callbacks are called from run(), never from inside the call that takes them, one at a time, on one thread. So a simulated
//     world is a queue of callbacks by time, and run() is a loop over it; it needs neither a second thread nor real time.
//   - Callbacks due at the same moment come in the order in which they were requested. So a run can be repeated.
//   - A pending operation is owned by an object. While the object lives, its callback comes exactly once; once it is destroyed, never.
//     It may be destroyed from inside its own callback. So an abandoned coroutine leaves nothing that refers to it.
//   - Connections carry bytes or whole messages, not protocols: TLS and WebSocket framing belong to the world, HTTP does not. A
//     simulated peer answers bytes and messages and needs no cryptography.
//
// One world belongs to the thread that runs it; only post() may be called by others. Errors are values: Remedy::retry for temporary
// ones, Remedy::reconnect for a connection that is lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::flow {

// A pending operation; destroying it cancels the callback.
class Pending {
 public:
  virtual ~Pending() = default;
};

// Whom to connect to.
struct Peer {
  std::string host;                    // by name or number, without brackets: what the certificate must name
  std::vector<std::string> addresses;  // as resolve() gave them: tried one after the other
  std::string port;
  bool secure = true;   // TLS
  std::string ca_file;  // PEM with the authorities to trust; empty: the system's
};

// Bytes in order, both ways. At most one read and one write at a time.
class ByteStream {
 public:
  virtual ~ByteStream() = default;  // closes

  // First, once. time: for the connection, and again for TLS.
  virtual void connect(const Peer& peer, Duration time, std::function<void(Result<void>)> done) = 0;
  // Gives the number of bytes, at least one; 0: the peer has ended its side. `room` belongs to the caller until then.
  virtual void read(std::span<char> room, std::function<void(Result<std::size_t>)> done) = 0;
  virtual void write(std::string bytes, std::function<void(Result<void>)> done) = 0;
  // What is under way ends with an error.
  virtual void close() = 0;
};

// How a WebSocket connection is opened, and its limits.
struct Upgrade {
  std::string authority;  // the Host header
  std::string path;       // begins with '/'
  std::string user_agent;
  std::size_t message_bytes_max = 0;  // a longer message is an error
  std::size_t padding = 0;            // readable bytes after each message
};

struct UpgradeFailure {
  std::string message;             // one line
  std::optional<unsigned> status;  // HTTP, of a refusal, and its headers
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// Whole messages of text, both ways: a WebSocket. Pings of the peer are answered by the implementation. At most one read and one write at a time.
class MessageStream {
 public:
  virtual ~MessageStream() = default;  // cuts the connection

  // First, once. time: for the connection, for TLS, and for the upgrade, each.
  virtual void connect(const Peer& peer, const Upgrade& upgrade, Duration time,
                       std::function<void(std::expected<void, UpgradeFailure>)> done) = 0;
  // The message is valid until the next read.
  virtual void read(std::function<void(Result<std::string_view>)> done) = 0;
  virtual void write(std::string message, std::function<void(Result<void>)> done) = 0;
  // Says goodbye and waits for the peer's; what is being read ends meanwhile.
  virtual void close(std::function<void()> done) = 0;
  // Cuts the connection: what is under way ends with an error.
  virtual void abort() = 0;
  // When the peer last sent a control frame (ping, pong); 0: never.
  virtual Duration last_control() const = 0;
};

class World {
 public:
  virtual ~World() = default;

  virtual Duration now() const = 0;        // monotonic, from an arbitrary start
  virtual Timestamp wall_now() const = 0;  // UTC; may jump
  virtual std::uint64_t random() = 0;      // a seed for a random source

  // Calls back after a time; zero or less: as soon as run() gets to it.
  virtual std::unique_ptr<Pending> after(Duration time, std::function<void()> act) = 0;
  // The addresses of a host, in numbers; at least one.
  virtual std::unique_ptr<Pending> resolve(std::string host,
                                           std::function<void(Result<std::vector<std::string>>)> done) = 0;
  // Whether the authorities of a ca_file can be read; what is read once stays.
  virtual Result<void> check_authorities(const std::string& ca_file) = 0;
  virtual std::unique_ptr<ByteStream> byte_stream() = 0;
  virtual std::unique_ptr<MessageStream> message_stream() = 0;

  // Any thread, running or not: run() calls it.
  virtual void post(std::function<void()> act) = 0;
  // Calls back until stop(), which only a callback may call; what is left then waits for the next run(). An exception of a callback
  // comes out of here.
  virtual void run() = 0;
  virtual void stop() = 0;
};

}  // namespace candled::flow
