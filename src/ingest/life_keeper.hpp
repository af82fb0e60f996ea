// LifeKeeper: asks REST about the markets of one link that are silent on the stream, one after the other, the one that waits longest first.
//
// It takes at most a quarter of the host's pace, asks only while no request is under way and no market's trades are being repaired, and so
// delays a repair by one request at most. An exchange that tells the newest ids of many markets in one answer would be asked here, once
// for all that wait.
#pragma once

#include "candled/net/loop.hpp"
#include "ingest/exchange_rest.hpp"
#include "ingest/link_market.hpp"

namespace candled::ingest {

class LifeKeeper {
 public:
  // wanted: notified by a market that begins to wait for an answer. Dependencies, not owned.
  LifeKeeper(net::Loop& loop, ExchangeRest& rest, const ExchangeClock& clock, net::Signal& wanted, LinkMarkets& markets)
      : loop_(loop), rest_(rest), clock_(clock), wanted_(wanted), markets_(markets) {}

  // Runs for as long as the loop does.
  net::Task<void> keep();

 private:
  MarketFlow* next(std::optional<Timestamp> time, Duration now);
  bool anybody_waits() const;
  bool repairing() const;

  net::Loop& loop_;
  ExchangeRest& rest_;
  const ExchangeClock& clock_;
  net::Signal& wanted_;
  LinkMarkets& markets_;
  TradesPage page_;
};

}  // namespace candled::ingest
