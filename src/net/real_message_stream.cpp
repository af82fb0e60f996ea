#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstring>

#include "candled/flow/clock.hpp"
#include "net/real_dial.hpp"
#include "net/real_streams.hpp"

namespace candled::net {
namespace {

namespace http = beast::http;
namespace websocket = beast::websocket;
using Connected = std::expected<void, flow::UpgradeFailure>;

// The connection itself, which what is under way keeps alive: Beast may still use its buffers after its owner is gone.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual void connect(flow::Peer peer, flow::Upgrade upgrade, Duration time, std::function<void(Connected)> done) = 0;
  virtual void read(std::function<void(Result<std::string_view>)> done) = 0;
  virtual void write(std::string message, std::function<void(Result<void>)> done) = 0;
  virtual void close(std::function<void()> done) = 0;
  virtual void abort() = 0;

  Duration last_control;
  bool abandoned = false;  // nobody is to be called any more
};

template <class Stream>
class ConnectionOver final : public Connection, public std::enable_shared_from_this<ConnectionOver<Stream>> {
 public:
  template <class... Arguments>
  explicit ConnectionOver(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...) {}

  void connect(flow::Peer peer, flow::Upgrade upgrade, Duration time, std::function<void(Connected)> done) override {
    padding_ = upgrade.padding;
    auto self = this->shared_from_this();
    asio::co_spawn(stream_.get_executor(), open(self, std::move(peer), std::move(upgrade), time),
                   [self, done = std::move(done)](std::exception_ptr error, Connected connected) {
                     if (error) std::rethrow_exception(error);
                     if (!self->abandoned) done(std::move(connected));
                   });
  }

  void read(std::function<void(Result<std::string_view>)> done) override {
    buffer_.clear();
    stream_.async_read(buffer_, [self = this->shared_from_this(), done = std::move(done)](
                                    const boost::system::error_code& error, std::size_t) {
      if (self->abandoned) return;
      if (error) return done(reconnect(self->read_problem(error)));
      std::memset(self->buffer_.prepare(self->padding_).data(), 0, self->padding_);
      const auto bytes = self->buffer_.cdata();
      done(std::string_view(static_cast<const char*>(bytes.data()), bytes.size()));
    });
  }

  void write(std::string message, std::function<void(Result<void>)> done) override {
    stream_.text(true);
    out_ = std::move(message);
    stream_.async_write(asio::buffer(out_), [self = this->shared_from_this(), done = std::move(done)](
                                                const boost::system::error_code& error, std::size_t) {
      if (self->abandoned) return;
      done(error ? Result<void>(reconnect(socket_problem(error))) : Result<void>{});
    });
  }

  void close(std::function<void()> done) override {
    stream_.async_close(websocket::close_code::normal,
                        [self = this->shared_from_this(), done = std::move(done)](const boost::system::error_code&) {
                          if (!self->abandoned) done();
                        });
  }

  void abort() override { beast::get_lowest_layer(stream_).close(); }

 private:
  static asio::awaitable<Connected> open(std::shared_ptr<ConnectionOver> self, flow::Peer peer, flow::Upgrade upgrade,
                                         Duration time) {
    co_await asio::post(self->stream_.get_executor(), asio::use_awaitable);  // never back from inside the call
    auto& stream = self->stream_;
    Result<void> dialled = co_await dial(peer, stream.next_layer(), time);
    if (!dialled) co_return std::unexpected(flow::UpgradeFailure{dialled.error().message, {}});
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = chrono_of(time);
    timeouts.idle_timeout = websocket::stream_base::none();
    timeouts.keep_alive_pings = false;
    stream.set_option(timeouts);
    stream.set_option(websocket::stream_base::decorator([agent = upgrade.user_agent](websocket::request_type& request) {
      request.set(http::field::user_agent, agent);
    }));
    stream.read_message_max(upgrade.message_bytes_max);
    stream.control_callback([connection = self.get()](websocket::frame_type, beast::string_view) {
      connection->last_control = flow::monotonic_now();
    });
    websocket::response_type answer;
    auto [error] = co_await stream.async_handshake(answer, upgrade.authority, upgrade.path, as_values);
    if (error) co_return std::unexpected(failure(peer, error, answer));
    co_return Connected{};
  }

  static flow::UpgradeFailure failure(const flow::Peer& peer, const boost::system::error_code& error,
                                      const websocket::response_type& answer) {
    if (error != websocket::error::upgrade_declined) {
      return {"WebSocket upgrade at " + peer.host + " failed: " + socket_problem(error), {}};
    }
    flow::UpgradeFailure refused{
        "WebSocket upgrade refused by " + peer.host + " with HTTP status " + std::to_string(answer.result_int()),
        answer.result_int()};
    for (const auto& field : answer) {
      const auto name = field.name_string(), value = field.value();
      refused.headers.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
    return refused;
  }

  std::string read_problem(const boost::system::error_code& error) const {
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
      return "a message of more than " + std::to_string(stream_.read_message_max() >> 20) + " MB";
    }
    if (error != websocket::error::closed) return socket_problem(error);
    const websocket::close_reason reason = stream_.reason();
    std::string text = "closed by the server, code " + std::to_string(static_cast<unsigned>(reason.code));
    if (!reason.reason.empty()) text.append(", '").append(reason.reason.data(), reason.reason.size()).append("'");
    return text;
  }

  websocket::stream<Stream> stream_;
  beast::flat_buffer buffer_;
  std::string out_;
  std::size_t padding_ = 0;
};

class RealMessageStream final : public flow::MessageStream {
 public:
  RealMessageStream(asio::io_context& io, Authorities& authorities) : io_(io), authorities_(authorities) {}
  ~RealMessageStream() override {
    if (!connection_) return;
    connection_->abandoned = true;
    connection_->abort();
  }

  void connect(const flow::Peer& peer, const flow::Upgrade& upgrade, Duration time,
               std::function<void(Connected)> done) override {
    Result<TlsContext> tls = peer.secure ? authorities_.of(peer.ca_file) : TlsContext{};
    if (!tls) return refuse_later(tls.error(), std::move(done));
    if (peer.secure) {
      connection_ = std::make_shared<ConnectionOver<TlsStream>>(io_, **tls);
    } else {
      connection_ = std::make_shared<ConnectionOver<PlainStream>>(io_);
    }
    connection_->connect(peer, upgrade, time, std::move(done));
  }
  void read(std::function<void(Result<std::string_view>)> done) override { connection_->read(std::move(done)); }
  void write(std::string message, std::function<void(Result<void>)> done) override {
    connection_->write(std::move(message), std::move(done));
  }
  void close(std::function<void()> done) override { connection_->close(std::move(done)); }
  void abort() override {
    if (connection_) connection_->abort();
  }
  Duration last_control() const override { return connection_ ? connection_->last_control : Duration{}; }

 private:
  void refuse_later(const Error& error, std::function<void(Connected)> done) {
    const std::weak_ptr<bool> alive = alive_;
    asio::post(io_, [alive, error, done = std::move(done)] {
      if (!alive.expired()) done(std::unexpected(flow::UpgradeFailure{error.message, {}}));
    });
  }

  asio::io_context& io_;
  Authorities& authorities_;
  std::shared_ptr<Connection> connection_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

std::unique_ptr<flow::MessageStream> real_message_stream(asio::io_context& io, Authorities& authorities) {
  return std::make_unique<RealMessageStream>(io, authorities);
}

}  // namespace candled::net
