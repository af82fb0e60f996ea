// What the market of an exchange shares with the others of it. Dependencies, not owned.
#pragma once

#include "candled/flow/log.hpp"
#include "candled/ingest/settings.hpp"
#include "candled/net/loop.hpp"
#include "ingest/exchange_rest.hpp"
#include "ingest/outlet.hpp"

namespace candled::ingest {

struct MarketParts {
  net::Loop& loop;
  ExchangeRest& rest;
  const ExchangeClock& clock;
  Outlet& outlet;
  flow::Log& log;
  const ExchangeSettings& settings;
  const HistorySettings& history;
  net::Signal& life_wanted;  // notified when a market begins to wait for REST to prove its silence
};

}  // namespace candled::ingest
