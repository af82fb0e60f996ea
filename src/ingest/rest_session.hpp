// RestSession: one conversation over REST about one market, driven by coroutines on the calling thread. Waits out rate limits and
// outages; ends when it is asked to, or by a failure that no waiting cures.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "candled/domain/market.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "candled/net/loop.hpp"
#include "ingest/exchange_rest.hpp"

namespace candled::ingest {

class RestSession {
 public:
  struct Parts {
    const ExchangeTable& exchanges;
    const ExchangeSettings& settings;
    const Market& market;
    net::HostLimiters& limiters;
    flow::Log& log;
    FeedStatistics& statistics;
    flow::World& world;
  };
  // Refuses an unknown exchange, a bad URL, an unreadable ca_file.
  static Result<std::unique_ptr<RestSession>> open(const Parts& parts);
  ~RestSession();
  RestSession(const RestSession&) = delete;
  RestSession& operator=(const RestSession&) = delete;

  // Runs `work` to its end on this thread; stopped is asked several times a second.
  void run(net::Task<void> work, const std::function<bool()>& stopped);

  // For the work. Each answers false when it is time to end: stopping, or error() says why.
  net::Task<bool> prepare();  // the exchange's time, and what REST calls the market
  net::Task<bool> trades(PageRequest request, TradesPage& page);
  net::Task<bool> candles(Duration interval, CandlesPage& page);
  // The start, with what the exchange pages by; nothing when it is time to end.
  net::Task<std::optional<PageStart>> place(PageStart start);
  std::unique_ptr<Pager> pager(const PageStart& start) const { return make_pager(rest_.descriptor(), start); }

  const ExchangeDescriptor& descriptor() const { return rest_.descriptor(); }

  bool stopping() const { return loop_.stopping(); }
  void fail(Error error) { error_ = std::move(error); }
  const std::optional<Error>& error() const { return error_; }
  Exchange& exchange() { return *exchange_; }
  // The exchange's clock; behind prepare().
  Timestamp now() const;

 private:
  RestSession(const Parts& parts, const ExchangeEntry& entry, const net::Url& url);
  template <class Call>
  net::Task<bool> until_answered(Call call);
  bool go_on(const RestError& error);
  net::Task<void> look(const std::function<bool()>& stopped);
  net::Task<void> finish(net::Task<void> work);

  const Market& market_;
  net::RandomSource random_source_;
  ExchangeClock clock_;
  std::unique_ptr<Exchange> exchange_;
  ExchangeStatistics& statistics_;
  Evidence evidence_;
  net::Loop loop_;
  net::RestClient client_;
  ExchangeRest rest_;
  std::string rest_name_;
  bool finished_ = false;
  int first_failures_ = 0;
  std::optional<Error> error_;
};

}  // namespace candled::ingest
