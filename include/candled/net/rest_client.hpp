// RestClient: requests to one host over a connection that is kept open, one at a time, paced by the host's limiter.
// Every failure pauses the host as needed and writes one line; the caller only decides whether to call again.
//
// The client knows HTTP and nothing about the server: what an answer means, whatever its status, is decided by the judge that comes with
// each call.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "candled/flow/counter.hpp"
#include "candled/flow/log.hpp"
#include "candled/net/host_limiter.hpp"
#include "candled/net/loop.hpp"
#include "candled/net/rest.hpp"
#include "candled/net/url.hpp"

namespace candled::net {

class HttpConnection;

class RestClient {
 public:
  // Dependencies, not owned.
  struct Parts {
    Loop& loop;
    RandomSource& random_source;
    flow::Log& log;
    flow::Counter& requests;
    flow::Counter& failures;  // including answers that the judge refused
  };
  // ca_file: for a secure URL: PEM with the authorities to trust; empty: the system's.
  RestClient(Parts parts, Url url, std::string ca_file, std::shared_ptr<HostLimiter> limiter);
  ~RestClient();

  // Waits for its turn, the pace and pauses; asks; gives the answer to `judge`. Turns are taken in the order of the calls, live ones first. A GET may be sent a second time when the server
  // has closed the kept connection; a POST never is.
  Task<RestResult<void>> call(RestRequest request, RestJudge judge);

  // A request that can wait need not: no other is under way or waits for its turn, and the host's pace has room for it.
  bool has_spare(Duration now) const { return !busy_ && limiter_->spare_wait(now).ns <= 0; }
  Duration spare_wait(Duration now) const { return limiter_->spare_wait(now); }
  void spend_spare(Duration now) { limiter_->spend_spare(now); }

  const std::string& host() const { return url_.host; }

 private:
  Task<bool> turn(const RestRequest& request);
  const RestRequest* next_in_line() const;
  Task<RestResult<void>> ask(const RestRequest& request, const RestJudge& judge);
  Task<Result<void>> exchange_once(const RestRequest& request);
  void pause_for(const RestError& error, const std::string& what);

  Parts parts_;
  Url url_;
  std::string ca_file_;
  std::shared_ptr<HostLimiter> limiter_;  // shared by all who ask this host
  std::unique_ptr<HttpConnection> connection_;
  Signal freed_;
  std::list<const RestRequest*> line_;  // waiting for their turn, in the order of the calls
  bool busy_ = false;
  std::string reported_;  // the last line, so that the same failure is not logged every second
  Duration reported_at_;
};

}  // namespace candled::net
