// SocketLink: one WebSocket client's socket, its queue of frames and its session. Included by network.cpp alone.
#pragma once

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "simulator/exchange.hpp"

namespace candled::simulator {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using Code = boost::system::error_code;
using PlainStream = beast::tcp_stream;
using SecureStream = beast::ssl_stream<beast::tcp_stream>;

constexpr auto handshake_limit = std::chrono::seconds(10);

// What connections share: the exchange, the time since the server began, and the wish to be served.
class Host {
 public:
  virtual Exchange& exchange() = 0;
  virtual Duration wall() const = 0;
  // Releases what is due, soon.
  virtual void pump() = 0;
  virtual void stop() = 0;

 protected:
  ~Host() = default;
};

template <class Stream>
class SocketLink final : public Link, public std::enable_shared_from_this<SocketLink<Stream>> {
 public:
  SocketLink(Host& host, Stream stream) : host_(host), socket_(std::move(stream)), farewell_(socket_.get_executor()) {}

  void start(http::request<http::string_body> request, Opening opening) {
    beast::get_lowest_layer(socket_).expires_never();
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = handshake_limit;
    limits.idle_timeout = websocket::stream_base::none();
    limits.keep_alive_pings = false;
    socket_.set_option(limits);
    socket_.read_message_max(message_bytes_max);
    socket_.auto_fragment(false);
    socket_.text(true);
    // Called only while a read is under way, which holds this object.
    socket_.control_callback([this](websocket::frame_type type, beast::string_view) {
      if (type == websocket::frame_type::pong && session_) session_->receive_pong();
    });
    request_ = std::move(request);
    socket_.async_accept(request_, [self = this->shared_from_this(), opening = std::move(opening)](Code error) {
      if (error) return;
      self->session_.emplace(self->host_.exchange(), *self, self->host_.wall());
      self->session_->open(opening, self->host_.wall());
      self->read();
    });
  }

  void send(Frame frame) override {
    if (ending_ != Ending::none) return;
    queued_bytes_ += frame->size();
    queue_.push_back(std::move(frame));
    if (!writing_) write();
  }
  void ping() override {
    if (ending_ != Ending::none || pinging_) return;
    pinging_ = true;
    socket_.async_ping({}, [self = this->shared_from_this()](Code) { self->pinging_ = false; });
  }
  void cut() override { end(Ending::cut); }
  void close(std::uint16_t code, std::string reason) override {
    close_reason_ = websocket::close_reason(static_cast<websocket::close_code>(code), reason);
    end(Ending::close);
  }
  std::size_t queued_bytes() const override { return queued_bytes_; }

 private:
  static constexpr auto farewell_limit = std::chrono::seconds(2);
  static constexpr std::size_t message_bytes_max = 1024 * 1024;
  enum class Ending { none, cut, close };

  void read() {
    socket_.async_read(buffer_, [self = this->shared_from_this()](Code error, std::size_t) {
      if (error || !self->session_) return self->gone();
      const auto data = self->buffer_.cdata();
      self->session_->receive({static_cast<const char*>(data.data()), data.size()}, self->host_.wall());
      self->buffer_.consume(data.size());
      self->host_.pump();
      self->read();
    });
  }

  void write() {
    writing_ = true;
    socket_.async_write(asio::buffer(*queue_.front()), [self = this->shared_from_this()](Code error, std::size_t) {
      self->writing_ = false;
      if (error) return self->gone();
      self->queued_bytes_ -= self->queue_.front()->size();
      self->queue_.pop_front();
      if (!self->queue_.empty()) {
        self->write();
      } else if (self->ending_ != Ending::none) {
        self->say_farewell();
      }
      self->host_.pump();
    });
  }

  void end(Ending how) {
    if (ending_ != Ending::none) return;
    ending_ = how;
    farewell_.expires_after(farewell_limit);
    farewell_.async_wait([self = this->shared_from_this()](Code error) {
      if (!error) self->drop();
    });
    if (!writing_) say_farewell();
  }

  void say_farewell() {
    if (ending_ == Ending::cut) return drop();
    socket_.async_close(close_reason_, [self = this->shared_from_this()](Code) { self->drop(); });
  }

  // Closes the socket as it is: no close frame, no TLS goodbye.
  void drop() {
    Code ignored;
    tcp::socket& socket = beast::get_lowest_layer(socket_).socket();
    socket.shutdown(tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
    gone();
  }

  // Ends the session outside of whatever call on the exchange is under way.
  void gone() {
    farewell_.cancel();
    asio::post(socket_.get_executor(), [self = this->shared_from_this()] {
      if (!self->session_) return;
      self->session_.reset();
      self->host_.pump();
    });
  }

  Host& host_;
  websocket::stream<Stream> socket_;
  asio::steady_timer farewell_;
  http::request<http::string_body> request_;
  beast::flat_buffer buffer_;
  std::optional<Session> session_;
  std::deque<Frame> queue_;
  std::size_t queued_bytes_ = 0;
  bool writing_ = false, pinging_ = false;
  Ending ending_ = Ending::none;
  websocket::close_reason close_reason_;
};

}  // namespace candled::simulator
