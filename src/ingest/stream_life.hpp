// StreamLife: is the stream of one market what it seems? It may be silent while REST has trades, or carry the ids of another sequence than
// what is stored. Holds what is proven (LifeProof), what speaks against it, and says both in the log.
#pragma once

#include <optional>

#include "candled/domain/market.hpp"
#include "candled/flow/log.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "ingest/exchange_clock.hpp"
#include "ingest/life_proof.hpp"
#include "ingest/recent_trades.hpp"

namespace candled::ingest {

class StreamLife {
 public:
  // Dependencies, not owned.
  StreamLife(flow::Log& log, const Market& market, const ExchangeClock& clock, MarketStatistics& statistics)
      : log_(log), market_(market), clock_(clock), statistics_(statistics) {}

  LifeProof& proof() { return proof_; }
  const LifeProof& proof() const { return proof_; }
  RecentTrades& recent() { return recent_; }

  // The connection that is made now goes on where the last one ended, or another one began.
  void joined(Duration now);
  void disconnected();
  void subscribed(Duration now);

  // The stream brought a trade that passes, or one that passed by REST before.
  void told(const Trade& trade);
  // The stream brought a trade whose id is stored already. True: it only came once more.
  bool repeated(const Trade& trade, std::int64_t last_id, Duration now);
  // A trade cannot belong to the stored sequence.
  void found_foreign(const Trade& trade, std::int64_t last_id, Duration now);
  // REST has nothing that the stream did not tell.
  void nothing_missed(Timestamp asked, Duration now);
  // REST has this trade, and the stream did not tell it.
  void missed(const Trade& trade, Duration now);
  // Several times a second.
  void tend(Duration now);

  bool silent() const { return silent_; }
  bool foreign() const { return foreign_; }
  // The market is to be subscribed again; says so once.
  bool take_wish() { return std::exchange(wish_, false); }

 private:
  void end_silence();

  flow::Log& log_;
  const Market& market_;
  const ExchangeClock& clock_;
  MarketStatistics& statistics_;
  LifeProof proof_;
  RecentTrades recent_;
  std::optional<std::int64_t> told_id_;   // the newest that the stream told
  std::optional<Duration> missed_since_;  // when the first trade that is missed should have come, by the local clock
  std::int64_t missed_id_ = 0;
  bool silent_ = false;
  Duration wished_at_;
  bool wish_ = false;
  std::optional<Timestamp> subscribed_again_;  // when the exchange accepted it, by its clock
  bool foreign_ = false;
  std::optional<Duration> foreign_told_at_;
};

}  // namespace candled::ingest
