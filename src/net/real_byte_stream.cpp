#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

#include "net/real_dial.hpp"
#include "net/real_streams.hpp"

namespace candled::net {
namespace {

constexpr std::size_t read_bytes = 64 * 1024;

// The connection itself, which what is under way keeps alive: Asio may still use its buffers after its owner is gone.
class Connection {
 public:
  using Connected = std::function<void(Result<void>)>;
  virtual ~Connection() = default;
  virtual void connect(flow::Peer peer, Duration time, Connected done) = 0;
  virtual void read(std::span<char> room, std::function<void(Result<std::size_t>)> done) = 0;
  virtual void write(std::string bytes, std::function<void(Result<void>)> done) = 0;
  virtual void close() = 0;

  bool abandoned = false;  // nobody is to be called any more
};

template <class Stream>
class ConnectionOver final : public Connection, public std::enable_shared_from_this<ConnectionOver<Stream>> {
 public:
  template <class... Arguments>
  explicit ConnectionOver(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...) {}

  void connect(flow::Peer peer, Duration time, Connected done) override {
    auto self = this->shared_from_this();
    asio::co_spawn(stream_.get_executor(), open(self, std::move(peer), time),
                   [self, done = std::move(done)](std::exception_ptr error, Result<void> connected) {
                     if (error) std::rethrow_exception(error);
                     if (!self->abandoned) done(std::move(connected));
                   });
  }

  void read(std::span<char> room, std::function<void(Result<std::size_t>)> done) override {
    const std::size_t size = std::min(room.size(), buffer_.size());
    stream_.async_read_some(asio::buffer(buffer_.data(), size),
                            [self = this->shared_from_this(), room, done = std::move(done)](
                                const boost::system::error_code& error, std::size_t got) {
                              if (self->abandoned) return;
                              if (error == asio::error::eof) return done(std::size_t{0});
                              if (error) return done(reconnect(socket_problem(error)));
                              std::memcpy(room.data(), self->buffer_.data(), got);
                              done(got);
                            });
  }

  void write(std::string bytes, std::function<void(Result<void>)> done) override {
    out_ = std::move(bytes);
    asio::async_write(
        stream_, asio::buffer(out_),
        [self = this->shared_from_this(), done = std::move(done)](const boost::system::error_code& error, std::size_t) {
          if (self->abandoned) return;
          done(error ? Result<void>(reconnect(socket_problem(error))) : Result<void>{});
        });
  }

  void close() override { beast::get_lowest_layer(stream_).close(); }

 private:
  static asio::awaitable<Result<void>> open(std::shared_ptr<ConnectionOver> self, flow::Peer peer, Duration time) {
    co_await asio::post(self->stream_.get_executor(), asio::use_awaitable);  // never back from inside the call
    Result<void> dialled = co_await dial(peer, self->stream_, time);
    co_return dialled;
  }

  Stream stream_;
  std::array<char, read_bytes> buffer_;
  std::string out_;
};

class RealByteStream final : public flow::ByteStream {
 public:
  RealByteStream(asio::io_context& io, Authorities& authorities) : io_(io), authorities_(authorities) {}
  ~RealByteStream() override {
    if (!connection_) return;
    connection_->abandoned = true;
    connection_->close();
  }

  void connect(const flow::Peer& peer, Duration time, std::function<void(Result<void>)> done) override {
    Result<TlsContext> tls = peer.secure ? authorities_.of(peer.ca_file) : TlsContext{};
    if (!tls) return refuse_later(tls.error(), std::move(done));
    if (peer.secure) {
      connection_ = std::make_shared<ConnectionOver<TlsStream>>(io_, **tls);
    } else {
      connection_ = std::make_shared<ConnectionOver<PlainStream>>(io_);
    }
    connection_->connect(peer, time, std::move(done));
  }
  void read(std::span<char> room, std::function<void(Result<std::size_t>)> done) override {
    connection_->read(room, std::move(done));
  }
  void write(std::string bytes, std::function<void(Result<void>)> done) override {
    connection_->write(std::move(bytes), std::move(done));
  }
  void close() override {
    if (connection_) connection_->close();
  }

 private:
  void refuse_later(const Error& error, std::function<void(Result<void>)> done) {
    const std::weak_ptr<bool> alive = alive_;
    asio::post(io_, [alive, error, done = std::move(done)] {
      if (!alive.expired()) done(std::unexpected(error));
    });
  }

  asio::io_context& io_;
  Authorities& authorities_;
  std::shared_ptr<Connection> connection_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

std::unique_ptr<flow::ByteStream> real_byte_stream(asio::io_context& io, Authorities& authorities) {
  return std::make_unique<RealByteStream>(io, authorities);
}

}  // namespace candled::net
