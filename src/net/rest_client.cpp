#include "candled/net/rest_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "candled/net/retry_after.hpp"
#include "net/http_connection.hpp"

namespace candled::net {
namespace {

constexpr Duration repeat_line_after = Duration::seconds(60);

}  // namespace

RestClient::RestClient(Parts parts, Url url, std::string ca_file, std::shared_ptr<HostLimiter> limiter)
    : parts_(parts),
      url_(std::move(url)),
      ca_file_(std::move(ca_file)),
      limiter_(std::move(limiter)),
      freed_(parts.loop) {}

RestClient::~RestClient() = default;

Task<Result<void>> RestClient::exchange_once(const RestRequest& request) {
  if (connection_ && !connection_->reusable()) connection_.reset();
  if (!connection_) connection_ = std::make_unique<HttpConnection>(parts_.loop, url_, ca_file_);
  return connection_->ask(request);
}

const RestRequest* RestClient::next_in_line() const {
  const auto live = std::ranges::find(line_, RestRequest::Urgency::live, &RestRequest::urgency);
  return live != line_.end() ? *live : line_.front();
}

// Until this request is the next, the one before it is done, and the host may be asked; false on a stop. Whoever asks again at once
// stands behind those who wait. The pace is waited for in the line, where a live request still gets ahead.
Task<bool> RestClient::turn(const RestRequest& request) {
  struct Place {  // in the line for as long as the wait lives
    std::list<const RestRequest*>& line;
    std::list<const RestRequest*>::iterator at;
    ~Place() { line.erase(at); }
  };
  const Place place{line_, line_.insert(line_.end(), &request)};
  while (!parts_.loop.stopping()) {
    if (busy_ || next_in_line() != &request) {
      co_await freed_.wait(Duration::seconds(60));
      continue;
    }
    const Duration wait = limiter_->wait(parts_.loop.now());
    if (wait.ns <= 0) co_return true;
    co_await parts_.loop.sleep(wait);
  }
  co_return false;
}

Task<RestResult<void>> RestClient::ask(const RestRequest& request, const RestJudge& judge) {
  Duration sent = parts_.loop.now();
  limiter_->started(sent, request.cost);
  parts_.requests.add();
  if (request.method == RestRequest::Method::post)
    connection_.reset();  // on a new connection it need not be sent twice
  const bool kept_open = connection_ && connection_->reusable() && connection_->answered();
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
  const Headers& headers = connection_->headers();
  const std::optional<Duration> stated =
      retry_after_of(header_of(headers, "Retry-After"), header_of(headers, "Date"), parts_.loop.wall_now());
  co_return judge(
      {connection_->status(), headers, connection_->body(), stated, sent, parts_.loop.now(), parts_.loop.wall_now()});
}

Task<RestResult<void>> RestClient::call(RestRequest request, RestJudge judge) {
  const bool mine = co_await turn(request);
  if (!mine) co_return std::unexpected(RestError{RestError::Kind::transient, "stopping", {}});
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
    case RestError::Kind::transient: pause = limiter_->failed(now, error.pause, parts_.random_source); break;
    case RestError::Kind::permanent: break;
  }
  // A link that is down fails whatever is asked, and is told once.
  const std::string line = (error.kind == RestError::Kind::transient ? "" : what) + error.message;
  if (line == reported_ && now - reported_at_ < repeat_line_after) return;
  reported_ = line;
  reported_at_ = now;
  const std::string next =
      pause.ns == 0 ? "not asked again" : fmt::format("next request in {:.1f} s", static_cast<double>(pause.ns) / 1e9);
  parts_.log.warning("REST request failed",
                     {{"host", url_.host}, {"request", what}, {"error", error.message}, {"next", next}});
}

}  // namespace candled::net
