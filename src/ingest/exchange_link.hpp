// ExchangeLink: the connection to one exchange for some of its markets, for as long as the feed runs: dialled, and dialled again with
// growing delays when it is lost. What is said on it is a Conversation's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "candled/ingest/exchange_table.hpp"
#include "candled/net/backoff.hpp"
#include "candled/net/rest_client.hpp"
#include "candled/net/websocket_session.hpp"
#include "ingest/clock_keeper.hpp"
#include "ingest/conversation.hpp"
#include "ingest/evidence.hpp"
#include "ingest/exchange_rest.hpp"
#include "ingest/life_keeper.hpp"
#include "ingest/link_context.hpp"
#include "ingest/system_watch.hpp"

namespace candled::ingest {

// Dependencies, not owned.
struct LinkParts {
  net::Loop& loop;
  Outlet& outlet;
  net::RandomSource& random_source;
  flow::Log& log;
  FeedStatistics& statistics;
  net::HostLimiters& limiters;
};

class ExchangeLink {
 public:
  // markets: of this exchange, at most as many as one connection carries; cursors and book_depths (0: no book): in the same order.
  // Throws std::runtime_error for what can never work.
  ExchangeLink(LinkParts parts, const ExchangeEntry& entry, const ExchangeSettings& settings,
               const HistorySettings& history, const std::vector<const Market*>& markets,
               const std::vector<MarketCursor>& cursors, const std::vector<std::size_t>& book_depths);

  // Spawns all that this exchange needs.
  void start();

 private:
  net::Task<void> stay_connected();
  net::Task<void> serve(std::shared_ptr<Connection> connection);
  net::Task<void> say_goodbye(std::shared_ptr<Connection> connection);
  net::Task<void> wait_before_dialling();
  net::Task<void> learn_names();
  net::Task<void> tend();

  void name_markets(const std::vector<RestName>& names);
  void connect_failed(const net::ConnectFailure& failure);

  LinkParts parts_;
  const ExchangeDescriptor& descriptor_;
  ExchangeStatistics& statistics_;
  ExchangeSettings settings_;
  HistorySettings history_;
  net::Url url_;
  std::unique_ptr<Exchange> exchange_;
  ExchangeClock clock_;
  Evidence evidence_;
  std::unique_ptr<net::RestClient> client_;
  std::unique_ptr<ExchangeRest> rest_;
  std::unique_ptr<ClockKeeper> keeper_;
  net::Signal life_wanted_;
  LinkMarkets markets_;
  std::unique_ptr<LifeKeeper> life_keeper_;
  net::Backoff backoff_;
  SystemWatch system_;
  std::unique_ptr<LinkContext> context_;
  std::unique_ptr<Conversation> conversation_;  // the present one, or the last
  bool names_wanted_ = true;
  std::string failure_told_;  // the last failure to connect that was logged since a connection
  Duration failure_told_at_;
};

}  // namespace candled::ingest
