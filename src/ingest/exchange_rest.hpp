// ExchangeRest: the REST calls of one exchange, typed. Keeps the exchange's clock up to date with what the answers prove.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/net/rest_client.hpp"
#include "ingest/evidence.hpp"
#include "ingest/exchange.hpp"
#include "ingest/exchange_clock.hpp"

namespace candled::ingest {

class ExchangeRest {
 public:
  ExchangeRest(net::RestClient& client, Exchange& exchange, ExchangeClock& clock, Evidence& evidence)
      : client_(client), exchange_(exchange), clock_(clock), evidence_(evidence) {}

  // Sets the clock. Failures are in the log already.
  net::Task<RestResult<void>> ask_time();
  net::Task<RestResult<std::vector<RestName>>> ask_names();
  // Rows that are bad or stamped beyond the exchange's clock are left out and counted.
  net::Task<RestResult<void>> ask_trades(const std::string& rest_name, PageCursor cursor, TradesPage& page);
  // The finished candles that the exchange gives, ascending.
  net::Task<RestResult<void>> ask_candles(const std::string& rest_name, Duration interval, CandlesPage& page);
  // A time to page from so that trade `id` comes early: at it or at most a few pages before. Nothing if the exchange has no
  // trade up to it. guess: any time near it.
  net::Task<RestResult<std::optional<Timestamp>>> locate(const std::string& rest_name, std::int64_t id,
                                                         Timestamp guess);

  const std::string& host() const { return client_.host(); }

 private:
  using Take = std::function<RestResult<void>(const net::RestAnswer&)>;
  // Gives an answer of status 200 to `take`. what: of the request, for the log.
  net::Task<RestResult<void>> call(std::string target, std::string what, Take take);
  net::RestError paced(const RestError& error, Duration now) const;

  net::RestClient& client_;
  Exchange& exchange_;
  ExchangeClock& clock_;
  Evidence& evidence_;
};

}  // namespace candled::ingest
