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
  using Urgency = net::RestRequest::Urgency;
  ExchangeRest(net::RestClient& client, const ExchangeDescriptor& descriptor, Exchange& exchange, ExchangeClock& clock,
               Evidence& evidence)
      : client_(client), descriptor_(descriptor), exchange_(exchange), clock_(clock), evidence_(evidence) {}

  // Sets the clock. Failures are in the log already.
  net::Task<RestResult<void>> ask_time();
  net::Task<RestResult<std::vector<RestName>>> ask_names();
  // Rows that are bad or stamped beyond the exchange's clock are left out and counted.
  net::Task<RestResult<void>> ask_trades(const std::string& rest_name, PageRequest request, TradesPage& page,
                                         Urgency urgency = Urgency::live);
  // The finished candles that the exchange gives, ascending.
  net::Task<RestResult<void>> ask_candles(const std::string& rest_name, Duration interval, CandlesPage& page);
  // The same start, and where it is a time and the exchange pages by id, the id that belongs to it.
  net::Task<RestResult<PageStart>> place(const std::string& rest_name, PageStart start);

  // For requests that can wait; see RestClient.
  bool has_spare(Duration now) const { return client_.has_spare(now); }
  Duration spare_wait(Duration now) const { return client_.spare_wait(now); }
  void spend_spare(Duration now) { client_.spend_spare(now); }

  const std::string& host() const { return client_.host(); }
  const ExchangeDescriptor& descriptor() const { return descriptor_; }

 private:
  using Take = std::function<RestResult<void>(const net::RestAnswer&)>;
  // Gives an answer that the exchange's own judge lets through to `take`. what: of the request, for the log.
  net::Task<RestResult<void>> call(net::RestRequest request, std::string what, Take take);
  net::RestError paced(const RestError& error, Duration now) const;

  net::RestClient& client_;
  const ExchangeDescriptor& descriptor_;
  Exchange& exchange_;
  ExchangeClock& clock_;
  Evidence& evidence_;
};

}  // namespace candled::ingest
