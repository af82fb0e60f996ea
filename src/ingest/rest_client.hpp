// RestClient: HTTP GET to one host over a connection that is kept open, one request at a time, paced by the host's limiter.
// Every failure pauses the host as it asks for and writes one line; the caller only decides whether to call again.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "candled/flow/log.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "ingest/exchange.hpp"
#include "ingest/exchange_clock.hpp"
#include "ingest/host_limiter.hpp"
#include "ingest/loop.hpp"
#include "ingest/tls.hpp"
#include "ingest/url.hpp"

namespace candled::ingest {

struct RestAnswer {
  std::string_view body;  // of status 200, with text_padding behind it
  Duration sent;          // local monotonic clock
  Duration received;
};

class HttpConnection;

class RestClient {
 public:
  struct Parts {
    Loop& loop;
    const ExchangeClock& clock;  // only for pauses that the exchange states as a time
    Dice& dice;
    flow::Log& log;
    FeedStatistics& statistics;
  };
  RestClient(Parts parts, Url url, TlsContext tls, std::shared_ptr<HostLimiter> limiter);
  ~RestClient();

  // Waits for its turn, the pace and pauses; asks; gives an answer of status 200 to `take`. what: of the request, for the log.
  using Take = std::function<RestResult<void>(const RestAnswer&)>;
  asio::awaitable<RestResult<void>> call(std::string target, std::string what, Take take);

  const std::string& host() const { return url_.host; }

 private:
  asio::awaitable<RestResult<void>> ask(const std::string& target, const Take& take);
  asio::awaitable<Result<void>> exchange_once(const std::string& target);
  RestResult<void> judge_status() const;
  void pause_for(const RestError& error, const std::string& what);

  Parts parts_;
  Url url_;
  TlsContext tls_;
  std::shared_ptr<HostLimiter> limiter_;  // shared by all who ask this host
  std::unique_ptr<HttpConnection> connection_;
  Signal freed_;
  bool busy_ = false;
  std::string reported_;   // the last line, so that the same failure is not told every second
  Duration reported_at_;
};

}  // namespace candled::ingest
