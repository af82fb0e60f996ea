// HttpLink: one HTTP connection, until it becomes a WebSocket. Included by network.cpp alone.
#pragma once

#include "simulator/rest.hpp"
#include "simulator/socket_link.hpp"

namespace candled::simulator {

template <class Stream>
class HttpLink final : public std::enable_shared_from_this<HttpLink<Stream>> {
 public:
  HttpLink(Host& host, Stream stream, std::string address)
      : host_(host), stream_(std::move(stream)), address_(std::move(address)), delay_(stream_.get_executor()) {}

  void start() {
    if constexpr (std::is_same_v<Stream, SecureStream>) {
      beast::get_lowest_layer(stream_).expires_after(handshake_limit);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](Code error) {
        if (!error) self->read();
      });
    } else {
      read();
    }
  }

 private:
  static constexpr auto request_limit = std::chrono::seconds(75);
  static constexpr std::size_t body_bytes_max = 64 * 1024;

  void read() {
    parser_.emplace();
    parser_->body_limit(body_bytes_max);
    beast::get_lowest_layer(stream_).expires_after(request_limit);
    http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](Code error, std::size_t) {
      if (error) return;
      self->handle(self->parser_->release());
    });
  }

  void handle(http::request<http::string_body> request) {
    const std::string target(request.target());
    const bool keep_alive = request.keep_alive();
    if (websocket::is_upgrade(request)) {
      UpgradeAnswer upgrade = answer_upgrade(host_.exchange(), target, address_, host_.wall());
      if (upgrade.reset) return reset();
      if (upgrade.refuse_with == 0) {
        std::make_shared<SocketLink<Stream>>(host_, std::move(stream_))
            ->start(std::move(request), std::move(upgrade.opening));
        return;
      }
      HttpAnswer refused{
          .status = upgrade.refuse_with, .content_type = html_type, .body = "<html><body>refused</body></html>"};
      if (upgrade.retry_after_s) refused.headers.emplace_back("Retry-After", std::to_string(*upgrade.retry_after_s));
      return answer(std::move(refused), false);
    }
    if (target.starts_with("/simulator/")) {
      const bool is_post = request.method() == http::verb::post;
      OperatorAnswer reply = answer_operator(host_.exchange(), is_post, target, host_.wall());
      host_.pump();
      stop_after_answer_ = reply.stop;
      return answer(std::move(reply.answer), keep_alive);
    }
    HttpAnswer reply = answer_rest(host_.exchange(), target, address_, host_.wall());
    if (reply.reset) return reset();
    if (reply.delay.ns == 0) return answer(std::move(reply), keep_alive);
    delay_.expires_after(std::chrono::nanoseconds(reply.delay.ns));
    delay_.async_wait([self = this->shared_from_this(), reply = std::move(reply), keep_alive](Code error) mutable {
      if (!error) self->answer(std::move(reply), keep_alive);
    });
  }

  void answer(HttpAnswer reply, bool keep_alive) {
    response_ = {};
    response_.version(11);
    response_.result(reply.status);
    response_.set(http::field::content_type, reply.content_type);
    for (const auto& [name, value] : reply.headers) response_.set(name, value);
    response_.body() = std::move(reply.body);
    response_.keep_alive(keep_alive);
    response_.prepare_payload();
    beast::get_lowest_layer(stream_).expires_after(request_limit);
    http::async_write(stream_, response_, [self = this->shared_from_this(), keep_alive](Code error, std::size_t) {
      if (self->stop_after_answer_) self->host_.stop();
      if (error) return;
      if (keep_alive) return self->read();
      Code ignored;
      beast::get_lowest_layer(self->stream_).socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  void reset() {
    Code ignored;
    tcp::socket& socket = beast::get_lowest_layer(stream_).socket();
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
  }

  Host& host_;
  Stream stream_;
  std::string address_;
  asio::steady_timer delay_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  bool stop_after_answer_ = false;
};

}  // namespace candled::simulator
