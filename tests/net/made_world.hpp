// MadeWorld: a world without a machine: a clock that jumps to the next callback, and peers that are objects of the test.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "candled/flow/world.hpp"

namespace candled::net {

class MadeWorld;

// What a test's peer does with one connection. It speaks through the world, at the moment or later.
class MadeBytes {
 public:
  virtual ~MadeBytes() = default;
  virtual void take(const std::string& bytes) = 0;  // the client has written
  std::function<void(std::string)> send;            // to the client
  std::function<void()> end;                        // no more will be sent
};
class MadeMessages {
 public:
  virtual ~MadeMessages() = default;
  virtual void take(const std::string& message) = 0;
  std::function<void(std::string)> send;
  std::function<void()> cut;
};

class MadeWorld final : public flow::World {
 public:
  // What answers at a port; a port that is not here refuses.
  std::map<std::string, std::function<std::unique_ptr<MadeBytes>()>> byte_peers;
  std::map<std::string, std::function<std::unique_ptr<MadeMessages>()>> message_peers;
  std::map<std::string, flow::UpgradeFailure> refusals;  // of a WebSocket, by port
  std::vector<std::string> hosts{"exchange.test"};
  std::vector<Duration> dialled;  // when connections were tried
  Duration latency = Duration::milliseconds(10);

  Duration now() const override { return now_; }
  Timestamp wall_now() const override { return Timestamp{1'750'000'000'000'000'000} + now_; }
  std::uint64_t random() override { return 42; }

  std::unique_ptr<flow::Pending> after(Duration time, std::function<void()> act) override {
    auto held = std::make_shared<std::function<void()>>(std::move(act));
    struct Held : flow::Pending {
      std::shared_ptr<std::function<void()>> act;
      ~Held() override { *act = nullptr; }
    };
    auto pending = std::make_unique<Held>();
    pending->act = held;
    later(std::max(time, Duration{}), [held] {
      const std::function<void()> function = std::exchange(*held, nullptr);
      if (function) function();
    });
    return pending;
  }
  std::unique_ptr<flow::Pending> resolve(std::string host,
                                         std::function<void(Result<std::vector<std::string>>)> done) override {
    const bool known = std::ranges::find(hosts, host) != hosts.end();
    return after(latency, [known, done = std::move(done)] {
      if (known) return done(std::vector<std::string>{"192.0.2.1"});
      done(retry("Host not found"));
    });
  }
  Result<void> check_authorities(const std::string&) override { return {}; }
  std::unique_ptr<flow::ByteStream> byte_stream() override;
  std::unique_ptr<flow::MessageStream> message_stream() override;

  void post(std::function<void()> act) override { later({}, std::move(act)); }
  void run() override {
    for (stopped_ = false; !stopped_;) {
      if (queue_.empty()) throw std::logic_error("everybody waits, and nothing will ever happen");
      auto next = queue_.extract(queue_.begin());
      now_ = next.key();
      next.mapped()();
    }
  }
  void stop() override { stopped_ = true; }

  // Callbacks by time, those of the same moment in the order in which they were asked for.
  void later(Duration time, std::function<void()> act) { queue_.emplace(now_ + time, std::move(act)); }

 private:
  std::multimap<Duration, std::function<void()>> queue_;
  Duration now_ = Duration::seconds(1000);
  bool stopped_ = false;
};

// Both ends' state of a connection, which outlives the client's handle.
template <class Read, class Written>
struct MadeEnd {
  bool gone = false;  // the client's handle is destroyed
  bool closed = false;
  bool ended = false;
  std::deque<std::string> inbox;
  std::function<void(Result<Read>)> reading;
};

class MadeByteStream final : public flow::ByteStream {
 public:
  explicit MadeByteStream(MadeWorld& world) : world_(world) {}
  ~MadeByteStream() override { end_->gone = true; }

  void connect(const flow::Peer& peer, Duration, std::function<void(Result<void>)> done) override {
    world_.dialled.push_back(world_.now());
    const auto place = world_.byte_peers.find(peer.port);
    if (place != world_.byte_peers.end()) {
      peer_ = place->second();
      peer_->send = [this, end = end_](std::string bytes) {
        world_.later(world_.latency, [this, end, bytes = std::move(bytes)] {
          if (end->gone) return;
          end->inbox.push_back(bytes);
          deliver();
        });
      };
      peer_->end = [this, end = end_] {
        world_.later(world_.latency, [this, end] {
          if (end->gone) return;
          end->ended = true;
          deliver();
        });
      };
    }
    world_.later(world_.latency, [this, end = end_, done = std::move(done), host = peer.host, port = peer.port] {
      if (end->gone) return;
      if (!peer_) return done(retry("cannot connect to " + host + ":" + port + ": Connection refused"));
      done({});
    });
  }
  void read(std::span<char> room, std::function<void(Result<std::size_t>)> done) override {
    room_ = room;
    end_->reading = std::move(done);
    world_.later({}, [this, end = end_] {
      if (!end->gone) deliver();
    });
  }
  void write(std::string bytes, std::function<void(Result<void>)> done) override {
    world_.later({}, [this, end = end_, bytes = std::move(bytes), done = std::move(done)] {
      if (end->gone) return;
      if (end->closed) return done(reconnect("Operation canceled"));
      peer_->take(bytes);
      done({});
    });
  }
  void close() override {
    end_->closed = true;
    world_.later({}, [this, end = end_] {
      if (!end->gone) deliver();
    });
  }

 private:
  void deliver() {
    if (!end_->reading || (end_->inbox.empty() && !end_->ended && !end_->closed)) return;
    const auto done = std::exchange(end_->reading, nullptr);
    if (end_->closed) return done(reconnect("Operation canceled"));
    if (end_->inbox.empty()) return done(std::size_t{0});
    std::string& first = end_->inbox.front();
    const std::size_t size = std::min(first.size(), room_.size());
    std::copy_n(first.begin(), size, room_.begin());
    first.erase(0, size);
    if (first.empty()) end_->inbox.pop_front();
    done(size);
  }

  MadeWorld& world_;
  std::unique_ptr<MadeBytes> peer_;
  std::shared_ptr<MadeEnd<std::size_t, std::string>> end_ = std::make_shared<MadeEnd<std::size_t, std::string>>();
  std::span<char> room_;
};

class MadeMessageStream final : public flow::MessageStream {
 public:
  explicit MadeMessageStream(MadeWorld& world) : world_(world) {}
  ~MadeMessageStream() override { end_->gone = true; }

  void connect(const flow::Peer& peer, const flow::Upgrade& upgrade, Duration,
               std::function<void(std::expected<void, flow::UpgradeFailure>)> done) override {
    world_.dialled.push_back(world_.now());
    padding_ = upgrade.padding;
    if (const auto place = world_.message_peers.find(peer.port); place != world_.message_peers.end()) {
      peer_ = place->second();
      peer_->send = [this, end = end_](std::string message) {
        world_.later(world_.latency, [this, end, message = std::move(message)] {
          if (end->gone) return;
          end->inbox.push_back(message);
          deliver();
        });
      };
      peer_->cut = [this, end = end_] {
        world_.later(world_.latency, [this, end] {
          if (end->gone) return;
          end->ended = true;
          deliver();
        });
      };
    }
    const auto refusal = world_.refusals.find(peer.port);
    const flow::UpgradeFailure failure =
        refusal != world_.refusals.end() ? refusal->second : flow::UpgradeFailure{"Connection refused", {}};
    world_.later(world_.latency, [this, end = end_, done = std::move(done), failure] {
      if (end->gone) return;
      if (!peer_) return done(std::unexpected(failure));
      done({});
    });
  }
  void read(std::function<void(Result<std::string_view>)> done) override {
    end_->reading = std::move(done);
    world_.later({}, [this, end = end_] {
      if (!end->gone) deliver();
    });
  }
  void write(std::string message, std::function<void(Result<void>)> done) override {
    world_.later({}, [this, end = end_, message = std::move(message), done = std::move(done)] {
      if (end->gone) return;
      if (end->closed) return done(reconnect("Operation canceled"));
      peer_->take(message);
      done({});
    });
  }
  void close(std::function<void()> done) override {
    abort();
    world_.later(world_.latency, [end = end_, done = std::move(done)] {
      if (!end->gone) done();
    });
  }
  void abort() override {
    end_->closed = true;
    world_.later({}, [this, end = end_] {
      if (!end->gone) deliver();
    });
  }
  Duration last_control() const override { return {}; }

 private:
  void deliver() {
    if (!end_->reading || (end_->inbox.empty() && !end_->ended && !end_->closed)) return;
    const auto done = std::exchange(end_->reading, nullptr);
    if (end_->closed) return done(reconnect("Operation canceled"));
    if (end_->inbox.empty()) return done(reconnect("Connection reset by peer"));
    message_ = std::move(end_->inbox.front());
    end_->inbox.pop_front();
    const std::size_t size = message_.size();
    message_.append(padding_, '\0');
    done(std::string_view(message_).substr(0, size));
  }

  MadeWorld& world_;
  std::unique_ptr<MadeMessages> peer_;
  std::shared_ptr<MadeEnd<std::string_view, std::string>> end_ =
      std::make_shared<MadeEnd<std::string_view, std::string>>();
  std::string message_;
  std::size_t padding_ = 0;
};

inline std::unique_ptr<flow::ByteStream> MadeWorld::byte_stream() { return std::make_unique<MadeByteStream>(*this); }
inline std::unique_ptr<flow::MessageStream> MadeWorld::message_stream() {
  return std::make_unique<MadeMessageStream>(*this);
}

}  // namespace candled::net
