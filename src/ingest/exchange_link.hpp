// ExchangeLink: one WebSocket connection to one exchange with all its markets, for as long as the feed runs: dialled, watched,
// and dialled again with growing delays when it is lost. Also keeps the exchange's clock, and asks once for REST names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "candled/net/backoff.hpp"
#include "candled/net/websocket_session.hpp"
#include "ingest/evidence.hpp"
#include "ingest/exchange.hpp"
#include "ingest/exchange_rest.hpp"
#include "ingest/market_book.hpp"
#include "ingest/market_flow.hpp"

namespace candled::ingest {

struct LinkParts {
  net::Loop& loop;
  Outlet& outlet;
  net::Dice& dice;
  flow::Log& log;
  FeedStatistics& statistics;
  net::HostLimiters& limiters;
};

class ExchangeLink {
 public:
  // markets: those of this exchange; cursors and book_depths (0: no book): in the same order. Throws std::runtime_error for
  // what can never work.
  ExchangeLink(LinkParts parts, const ExchangeSettings& settings, const HistorySettings& history, const std::vector<const Market*>& markets,
               const std::vector<MarketCursor>& cursors, const std::vector<std::size_t>& book_depths);

  // Spawns all that this exchange needs.
  void start();

 private:
  // One connection, shared by those who read it, watch it and close it.
  struct Connection {
    std::unique_ptr<net::WebSocketSession> session;
    Duration opened;
    Duration heard;          // end of the handling of the last frame
    Duration pinged;
    bool asked = false;      // the subscription went out
    Duration asked_at;
    std::vector<std::string> outbox;  // messages that wait for the one that is being written
    bool writing = false;
    int silent_looks = 0;
    std::string fault;       // why we cut it ourselves
  };
  using Shared = std::shared_ptr<Connection>;

  net::Task<void> stay_connected();
  net::Task<void> serve(Shared connection);
  net::Task<void> say(Shared connection);
  net::Task<void> say_goodbye(Shared connection);
  net::Task<void> keep_clock();
  net::Task<void> learn_names();
  net::Task<void> tend();

  void name_markets(const std::vector<RestName>& names);
  void handle(Connection& connection, std::string_view text, Duration asked, Duration arrived);
  void handle_trades(Duration arrived);
  void accept(std::size_t market, Trade trade, Duration arrived);
  void suspect(const StreamTrade& row, Duration arrived);
  void disprove_suspect(const StreamTrade& row, Duration arrived);
  void release_suspects(Duration now);
  void handle_replies(Connection& connection, Duration now);
  void handle_system();
  void handle_books(Duration arrived);
  bool handle_book_reply(const SubscriptionReply& reply);  // false: it is about trades
  void tend_books(const Shared& connection, Duration now);
  void send(const Shared& connection, std::string message);
  void prove_markets(Duration asked, Duration arrived);
  void subscribe(const Shared& connection, Duration now);
  void watch(const Shared& connection, Duration now, Duration since_last_look);
  void cut(Connection& connection, std::string why);
  void connect_failed(const net::ConnectFailure& failure);
  net::Task<void> wait_before_dialling();
  bool all_refused() const;
  bool unanswered() const;  // a market is neither subscribed nor refused
  MarketFlow* find(const std::string& symbol);

  LinkParts parts_;
  ExchangeSettings settings_;
  HistorySettings history_;
  net::Url url_;
  std::unique_ptr<Exchange> exchange_;
  ExchangeClock clock_;
  Evidence evidence_;
  std::unique_ptr<net::RestClient> client_;
  std::unique_ptr<ExchangeRest> rest_;
  std::vector<std::unique_ptr<MarketFlow>> markets_;
  std::vector<std::unique_ptr<MarketBook>> books_;  // by market; null where none is wanted
  net::Backoff backoff_;
  net::Signal clock_wanted_;
  bool clock_confirmed_ = false;   // Time has answered since this connection was made
  bool names_wanted_ = true;
  std::string failure_told_;       // the last failure to connect that was logged since a connection
  Duration failure_told_at_;
  Shared connection_;              // null while there is none
  Frame frame_;
  Timestamp newest_stamp_;         // of any trade on this connection
  Timestamp proven_;
  std::vector<std::optional<Trade>> suspects_;  // by market: stamped beyond the exchange's clock
  bool stamps_trusted_ = false;    // on this connection the stamps were right and the clock was not
  std::string system_;
};

}  // namespace candled::ingest
