#include "ingest/rest_client.hpp"

#include <fmt/format.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>
#include <optional>

#include "candled/flow/clock.hpp"
#include "ingest/dial.hpp"
#include "ingest/retry_after.hpp"
#include "ingest/user_agent.hpp"

namespace candled::ingest {

namespace http = beast::http;

// One connection, which answers requests until it fails or the server wants it closed.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  virtual asio::awaitable<Result<void>> get(std::string target) = 0;

  unsigned status = 0;
  std::optional<Duration> retry_after;
  std::string body;
  bool reusable = false;
  bool used = false;  // has answered before
};

namespace {

constexpr Duration request_timeout = Duration::seconds(20);
constexpr std::size_t body_bytes_max = 4u << 20;  // a page of 1,000 trades has 100 kB, the longest list of markets under 2 MB
constexpr Duration repeat_line_after = Duration::seconds(60);

template <class Stream>
class Connection final : public HttpConnection {
 public:
  template <class... Arguments>
  Connection(Loop& loop, const Url& url, Arguments&&... arguments)
      : loop_(loop), url_(url), stream_(std::forward<Arguments>(arguments)...) {}

  asio::awaitable<Result<void>> get(std::string target) override {
    reusable = false;
    if (!open_) {
      Result<void> dialled = co_await dial(loop_, url_, stream_, request_timeout);
      if (!dialled) co_return dialled;
      open_ = true;
    }
    const Loop::OnStop cut(loop_, [this] { beast::get_lowest_layer(stream_).close(); });
    http::request<http::empty_body> request(http::verb::get, url_.path + target, 11);
    request.set(http::field::host, url_.authority());
    request.set(http::field::user_agent, user_agent);
    request.set(http::field::accept, "application/json");
    beast::get_lowest_layer(stream_).expires_after(chrono_of(request_timeout));
    auto [not_sent, sent] = co_await http::async_write(stream_, request, as_values);
    if (not_sent) co_return retry(url_.host + ": " + socket_problem(not_sent));
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_bytes_max);
    auto [not_read, size] = co_await http::async_read(stream_, buffer_, parser, as_values);
    if (not_read) co_return retry(url_.host + ": " + socket_problem(not_read));
    beast::get_lowest_layer(stream_).expires_never();
    http::response<http::string_body>& answer = parser.get();
    status = answer.result_int();
    const auto stated = answer[http::field::retry_after], date = answer[http::field::date];
    retry_after = retry_after_of(std::string_view(stated.data(), stated.size()), std::string_view(date.data(), date.size()), flow::wall_now());
    reusable = answer.keep_alive();
    body = std::move(answer.body());
    body.reserve(body.size() + text_padding);
    used = true;
    co_return Result<void>{};
  }

 private:
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

asio::awaitable<Result<void>> RestClient::exchange_once(const std::string& target) {
  if (connection_ && !connection_->reusable) connection_.reset();
  if (!connection_ && url_.secure) {
    connection_ = std::make_unique<Connection<TlsStream>>(parts_.loop, url_, parts_.loop.io(), *tls_);
  } else if (!connection_) {
    connection_ = std::make_unique<Connection<PlainStream>>(parts_.loop, url_, parts_.loop.io());
  }
  return connection_->get(target);
}

RestResult<void> RestClient::judge_status() const {
  const unsigned status = connection_->status;
  if (status == 200) return {};
  RestError error;
  error.message = fmt::format("HTTP status {}", status);
  error.pause = connection_->retry_after;
  if (status == 429) error.kind = RestError::Kind::rate_limited;
  if (status == 418 || status == 403 || status == 451) error.kind = RestError::Kind::banned;
  if (status == 400 || status == 404) error.kind = RestError::Kind::permanent;
  return std::unexpected(std::move(error));
}

asio::awaitable<RestResult<void>> RestClient::ask(const std::string& target, const Take& take) {
  RestAnswer answer;
  for (;;) {
    const Duration wait = limiter_->wait(flow::monotonic_now());
    if (parts_.loop.stopping()) co_return std::unexpected(RestError{RestError::Kind::transient, "stopping", {}, {}});
    if (wait.ns <= 0) break;
    co_await parts_.loop.sleep(wait);
  }
  answer.sent = flow::monotonic_now();
  limiter_->started(answer.sent);
  parts_.statistics.rest_requests.add();
  const bool kept_open = connection_ && connection_->reusable && connection_->used;
  Result<void> done = co_await exchange_once(target);
  if (!done && kept_open && !parts_.loop.stopping()) {
    // The server closed an idle connection, which is its right; ask once more on a new one.
    connection_.reset();
    answer.sent = flow::monotonic_now();
    done = co_await exchange_once(target);
  }
  if (!done) {
    connection_.reset();
    co_return std::unexpected(RestError{RestError::Kind::transient, done.error().message, {}, {}});
  }
  answer.received = flow::monotonic_now();
  answer.body = connection_->body;
  RestResult<void> good = judge_status();
  if (good) good = take(answer);
  co_return good;
}

asio::awaitable<RestResult<void>> RestClient::call(std::string target, std::string what, Take take) {
  while (busy_ && !parts_.loop.stopping()) co_await freed_.wait(Duration::seconds(60));
  if (parts_.loop.stopping()) co_return std::unexpected(RestError{RestError::Kind::transient, "stopping", {}, {}});
  busy_ = true;
  RestResult<void> result = co_await ask(target, take);
  busy_ = false;
  freed_.notify();
  if (result) {
    limiter_->succeeded();
  } else if (!parts_.loop.stopping()) {
    parts_.statistics.rest_failures.add();
    pause_for(result.error(), what);
  }
  co_return result;
}

void RestClient::pause_for(const RestError& error, const std::string& what) {
  const Duration now = flow::monotonic_now();
  std::optional<Duration> stated = error.pause;
  if (error.until && parts_.clock.passed(now)) {
    const Duration left = *error.until - *parts_.clock.passed(now);
    stated = Duration{static_cast<std::int64_t>(static_cast<double>(left.ns) / parts_.clock.rate())};
    if (*stated > Duration::minutes(10)) stated.reset();  // a time of another clock
  }
  Duration pause;
  switch (error.kind) {
    case RestError::Kind::rate_limited: pause = limiter_->rate_limited(now, stated); break;
    case RestError::Kind::banned: pause = limiter_->banned(now, stated); break;
    case RestError::Kind::transient: pause = limiter_->failed(now, stated, parts_.dice); break;
    case RestError::Kind::permanent: break;
  }
  const std::string line = what + error.message;
  if (line == reported_ && now - reported_at_ < repeat_line_after) return;
  reported_ = line;
  reported_at_ = now;
  const std::string next = pause.ns == 0 ? "not asked again" : fmt::format("next request in {:.1f} s", static_cast<double>(pause.ns) / 1e9);
  parts_.log.warning("REST request failed", {{"host", url_.host}, {"request", what}, {"error", error.message}, {"next", next}});
}

}  // namespace candled::ingest
