// ExchangeRest: the REST calls of one exchange, typed. Keeps the exchange's clock up to date with what the answers prove.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ingest/evidence.hpp"
#include "ingest/exchange.hpp"
#include "ingest/exchange_clock.hpp"
#include "ingest/rest_client.hpp"

namespace candled::ingest {

class ExchangeRest {
 public:
  ExchangeRest(RestClient& client, Exchange& exchange, ExchangeClock& clock, Evidence& evidence)
      : client_(client), exchange_(exchange), clock_(clock), evidence_(evidence) {}

  // Sets the clock. Failures are in the log already.
  asio::awaitable<RestResult<void>> ask_time();
  asio::awaitable<RestResult<std::vector<RestName>>> ask_names();
  // Rows that are bad or stamped beyond the exchange's clock are left out and counted.
  asio::awaitable<RestResult<void>> ask_trades(const std::string& rest_name, PageCursor cursor, TradesPage& page);
  // The finished candles that the exchange gives, ascending.
  asio::awaitable<RestResult<void>> ask_candles(const std::string& rest_name, Duration interval, CandlesPage& page);
  // A time to page from so that trade `id` comes early: at it or at most a few pages before. Nothing if the exchange has no
  // trade up to it. guess: any time near it.
  asio::awaitable<RestResult<std::optional<Timestamp>>> locate(const std::string& rest_name, std::int64_t id, Timestamp guess);

  const std::string& host() const { return client_.host(); }

 private:
  RestClient& client_;
  Exchange& exchange_;
  ExchangeClock& clock_;
  Evidence& evidence_;
};

}  // namespace candled::ingest
