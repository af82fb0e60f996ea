// LinkContext: what the parts of one exchange's link share. Dependencies, not owned.
#pragma once

#include <string>

#include "candled/flow/log.hpp"
#include "candled/ingest/exchange_descriptor.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "candled/ingest/settings.hpp"
#include "candled/net/loop.hpp"
#include "ingest/clock_keeper.hpp"
#include "ingest/evidence.hpp"
#include "ingest/exchange.hpp"
#include "ingest/link_market.hpp"
#include "ingest/outlet.hpp"
#include "ingest/system_watch.hpp"

namespace candled::ingest {

struct LinkContext {
  net::Loop& loop;
  Outlet& outlet;
  flow::Log& log;
  ExchangeStatistics& statistics;
  const ExchangeDescriptor& descriptor;
  const ExchangeSettings& settings;
  const std::string& host;  // of the stream
  Exchange& exchange;
  Evidence& evidence;
  ClockKeeper& clock;
  SystemWatch& system;
  LinkMarkets& markets;
};

}  // namespace candled::ingest
