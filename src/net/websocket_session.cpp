#include "net/websocket_session.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstring>

#include "candled/flow/clock.hpp"
#include "net/dial.hpp"
#include "candled/net/rest.hpp"
#include "candled/net/retry_after.hpp"
#include "net/user_agent.hpp"

namespace candled::net {
namespace {

namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr Duration close_timeout = Duration::milliseconds(600);

template <class Stream>
class Session final : public WebSocketSession {
 public:
  template <class... Arguments>
  Session(Loop& loop, std::size_t message_bytes_max, Arguments&&... arguments)
      : loop_(loop), message_bytes_max_(message_bytes_max), stream_(std::forward<Arguments>(arguments)...) {}

  Task<std::optional<ConnectFailure>> open(const Url& url) {
    Result<void> dialled = co_await dial(loop_, url, stream_.next_layer(), connect_timeout);
    if (!dialled) co_return ConnectFailure{dialled.error().message, {}, {}};
    beast::get_lowest_layer(stream_).expires_never();  // from here on the WebSocket's own time-outs count
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = chrono_of(connect_timeout);
    timeouts.idle_timeout = websocket::stream_base::none();
    timeouts.keep_alive_pings = false;
    stream_.set_option(timeouts);
    stream_.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(http::field::user_agent, user_agent); }));
    stream_.read_message_max(message_bytes_max_);
    stream_.control_callback([this](websocket::frame_type, beast::string_view) { last_control_ = flow::monotonic_now(); });
    websocket::response_type answer;
    const std::string path = url.path.empty() ? "/" : url.path;
    const std::string authority = url.authority();
    const Loop::OnStop cut(loop_, [this] { abort(); });
    auto [error] = co_await stream_.async_handshake(answer, authority, path, as_values);
    if (error) co_return upgrade_failure(url, error, answer);
    co_return std::nullopt;
  }

  Task<Result<std::string_view>> read() override {
    buffer_.clear();
    auto [error, size] = co_await stream_.async_read(buffer_, as_values);
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
      co_return reconnect("a message of more than " + std::to_string(message_bytes_max_ >> 20) + " MB");
    }
    if (error == websocket::error::closed) {
      const websocket::close_reason reason = stream_.reason();
      std::string text = "closed by the server, code " + std::to_string(static_cast<unsigned>(reason.code));
      if (!reason.reason.empty()) text.append(", '").append(reason.reason.data(), reason.reason.size()).append("'");
      co_return reconnect(std::move(text));
    }
    if (error) co_return reconnect(socket_problem(error));
    std::memset(buffer_.prepare(text_padding).data(), 0, text_padding);
    const auto bytes = buffer_.cdata();
    co_return std::string_view(static_cast<const char*>(bytes.data()), bytes.size());
  }

  Task<Result<void>> write(std::string message) override {
    stream_.text(true);
    auto [error, size] = co_await stream_.async_write(asio::buffer(message), as_values);
    if (error) co_return reconnect(socket_problem(error));
    co_return Result<void>{};
  }

  Task<void> close() override {
    asio::steady_timer limit(loop_.io(), chrono_of(close_timeout));
    limit.async_wait([this](boost::system::error_code error) {
      if (!error) abort();
    });
    co_await stream_.async_close(websocket::close_code::normal, as_values);
  }

  void abort() override { beast::get_lowest_layer(stream_).close(); }

  Duration last_control() const override { return last_control_; }

 private:
  static ConnectFailure upgrade_failure(const Url& url, const boost::system::error_code& error,
                                        const websocket::response_type& answer) {
    ConnectFailure failure{"WebSocket upgrade at " + url.host + " failed: " + socket_problem(error), {}, {}};
    if (error == websocket::error::upgrade_declined) {
      failure.http_status = answer.result_int();
      failure.message = "WebSocket upgrade refused by " + url.host + " with HTTP status " + std::to_string(answer.result_int());
      failure.retry_after = retry_after_of(std::string_view(answer[http::field::retry_after].data(), answer[http::field::retry_after].size()),
                                           std::string_view(answer[http::field::date].data(), answer[http::field::date].size()), flow::wall_now());
    }
    return failure;
  }

  Loop& loop_;
  std::size_t message_bytes_max_;
  websocket::stream<Stream> stream_;
  beast::flat_buffer buffer_;
  Duration last_control_;
};

using Opened = std::expected<std::unique_ptr<WebSocketSession>, ConnectFailure>;

template <class S>
Task<Opened> opened(std::unique_ptr<S> session, const Url& url) {
  std::optional<ConnectFailure> failure = co_await session->open(url);
  if (failure) co_return std::unexpected(std::move(*failure));
  co_return std::unique_ptr<WebSocketSession>(std::move(session));
}

}  // namespace

Task<Opened> open_websocket(Loop& loop, const Url& url, TlsContext tls, std::size_t message_bytes_max) {
  if (url.secure) return opened(std::make_unique<Session<TlsStream>>(loop, message_bytes_max, loop.io(), *tls), url);
  return opened(std::make_unique<Session<PlainStream>>(loop, message_bytes_max, loop.io()), url);
}

}  // namespace candled::net
