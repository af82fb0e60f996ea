// ClockKeeper: asks the exchange for its time when a connection was made, when somebody doubts the clock, and now and then.
#pragma once

#include "candled/net/loop.hpp"
#include "ingest/exchange_clock.hpp"
#include "ingest/exchange_rest.hpp"

namespace candled::ingest {

class ClockKeeper {
 public:
  // clock: kept up to date by what REST and the stream prove.
  ClockKeeper(net::Loop& loop, ExchangeRest& rest, ExchangeClock& clock)
      : loop_(loop), rest_(rest), clock_(clock), wanted_(loop) {}

  // Runs for as long as the loop does.
  net::Task<void> keep();

  ExchangeClock& clock() { return clock_; }
  void connected();
  void disconnected() { confirmed_ = false; }
  // The exchange's Time call has answered since the connection was made.
  bool confirmed() const { return confirmed_; }
  void doubt() { wanted_.notify(); }

 private:
  net::Loop& loop_;
  ExchangeRest& rest_;
  ExchangeClock& clock_;
  net::Signal wanted_;
  bool confirmed_ = false;
};

}  // namespace candled::ingest
