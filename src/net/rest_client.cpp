#include "net/rest_client.hpp"

#include <fmt/format.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>
#include <optional>

#include "net/dial.hpp"
#include "candled/net/retry_after.hpp"
#include "net/user_agent.hpp"

namespace candled::net {

namespace http = beast::http;

// One connection, which answers requests until it fails or the server wants it closed.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  virtual Task<Result<void>> ask(const RestRequest& request) = 0;

  unsigned status = 0;
  Headers headers;
  std::string body;
  bool reusable = false;
  bool used = false;  // has answered before
};

namespace {

constexpr Duration repeat_line_after = Duration::seconds(60);

template <class Stream>
class Connection final : public HttpConnection {
 public:
  template <class... Arguments>
  Connection(Loop& loop, const Url& url, Arguments&&... arguments)
      : loop_(loop), url_(url), stream_(std::forward<Arguments>(arguments)...) {}

  Task<Result<void>> ask(const RestRequest& request) override {
    reusable = false;
    if (!open_) {
      Result<void> dialled = co_await dial(loop_, url_, stream_, request.limits.time);
      if (!dialled) co_return dialled;
      open_ = true;
    }
    const Loop::OnStop cut(loop_, [this] { beast::get_lowest_layer(stream_).close(); });
    http::request<http::string_body> message = message_of(request);
    beast::get_lowest_layer(stream_).expires_after(chrono_of(request.limits.time));
    auto [not_sent, sent] = co_await http::async_write(stream_, message, as_values);
    if (not_sent) co_return retry(url_.host + ": " + socket_problem(not_sent));
    http::response_parser<http::string_body> parser;
    parser.body_limit(request.limits.body_bytes);
    auto [not_read, size] = co_await http::async_read(stream_, buffer_, parser, as_values);
    if (not_read) co_return retry(url_.host + ": " + socket_problem(not_read));
    beast::get_lowest_layer(stream_).expires_never();
    keep(parser.get());
    co_return Result<void>{};
  }

 private:
  http::request<http::string_body> message_of(const RestRequest& request) const {
    const bool post = request.method == RestRequest::Method::post;
    http::request<http::string_body> message(post ? http::verb::post : http::verb::get, url_.path + request.target, 11);
    message.set(http::field::host, url_.authority());
    message.set(http::field::user_agent, user_agent);
    message.set(http::field::accept, "application/json");
    for (const Header& header : request.headers) message.set(header.name, header.value);
    message.body() = request.body;
    if (post) message.prepare_payload();
    return message;
  }

  void keep(http::response<http::string_body>& answer) {
    status = answer.result_int();
    headers.clear();
    for (const auto& field : answer) {
      const auto name = field.name_string(), value = field.value();
      headers.push_back({std::string(name.data(), name.size()), std::string(value.data(), value.size())});
    }
    reusable = answer.keep_alive();
    body = std::move(answer.body());
    body.reserve(body.size() + text_padding);
    used = true;
  }

  Loop& loop_;
  const Url& url_;
  Stream stream_;
  beast::flat_buffer buffer_;
  bool open_ = false;
};

}  // namespace

RestClient::RestClient(Parts parts, Url url, TlsContext tls, std::shared_ptr<HostLimiter> limiter)
    : parts_(parts), url_(std::move(url)), tls_(std::move(tls)), limiter_(std::move(limiter)), freed_(parts.loop) {}

RestClient::~RestClient() = default;

Task<Result<void>> RestClient::exchange_once(const RestRequest& request) {
  if (connection_ && !connection_->reusable) connection_.reset();
  if (!connection_ && url_.secure) {
    connection_ = std::make_unique<Connection<TlsStream>>(parts_.loop, url_, parts_.loop.io(), *tls_);
  } else if (!connection_) {
    connection_ = std::make_unique<Connection<PlainStream>>(parts_.loop, url_, parts_.loop.io());
  }
  return connection_->ask(request);
}

Task<RestResult<void>> RestClient::ask(const RestRequest& request, const RestJudge& judge) {
  for (;;) {
    const Duration wait = limiter_->wait(parts_.loop.now());
    if (parts_.loop.stopping()) co_return std::unexpected(RestError{RestError::Kind::transient, "stopping", {}});
    if (wait.ns <= 0) break;
    co_await parts_.loop.sleep(wait);
  }
  Duration sent = parts_.loop.now();
  limiter_->started(sent, request.cost);
  parts_.requests.add();
  if (request.method == RestRequest::Method::post) connection_.reset();  // on a new connection it need not be sent twice
  const bool kept_open = connection_ && connection_->reusable && connection_->used;
  Result<void> done = co_await exchange_once(request);
  if (!done && kept_open && !parts_.loop.stopping()) {
    // The server closed an idle connection, which is its right; ask once more on a new one.
    connection_.reset();
    sent = parts_.loop.now();
    done = co_await exchange_once(request);
  }
  if (!done) {
    connection_.reset();
    co_return std::unexpected(RestError{RestError::Kind::transient, done.error().message, {}});
  }
  const Headers& headers = connection_->headers;
  const std::optional<Duration> stated =
      retry_after_of(header_of(headers, "Retry-After"), header_of(headers, "Date"), parts_.loop.wall_now());
  co_return judge({connection_->status, headers, connection_->body, stated, sent, parts_.loop.now()});
}

Task<RestResult<void>> RestClient::call(RestRequest request, RestJudge judge) {
  while (busy_ && !parts_.loop.stopping()) co_await freed_.wait(Duration::seconds(60));
  if (parts_.loop.stopping()) co_return std::unexpected(RestError{RestError::Kind::transient, "stopping", {}});
  busy_ = true;
  RestResult<void> result = co_await ask(request, judge);
  busy_ = false;
  freed_.notify();
  if (result) {
    limiter_->succeeded();
  } else if (!parts_.loop.stopping()) {
    parts_.failures.add();
    pause_for(result.error(), request.what);
  }
  co_return result;
}

void RestClient::pause_for(const RestError& error, const std::string& what) {
  const Duration now = parts_.loop.now();
  Duration pause;
  switch (error.kind) {
    case RestError::Kind::rate_limited: pause = limiter_->rate_limited(now, error.pause); break;
    case RestError::Kind::banned: pause = limiter_->banned(now, error.pause); break;
    case RestError::Kind::transient: pause = limiter_->failed(now, error.pause, parts_.dice); break;
    case RestError::Kind::permanent: break;
  }
  const std::string line = what + error.message;
  if (line == reported_ && now - reported_at_ < repeat_line_after) return;
  reported_ = line;
  reported_at_ = now;
  const std::string next = pause.ns == 0 ? "not asked again" : fmt::format("next request in {:.1f} s", static_cast<double>(pause.ns) / 1e9);
  parts_.log.warning("REST request failed", {{"host", url_.host}, {"request", what}, {"error", error.message}, {"next", next}});
}

}  // namespace candled::net
