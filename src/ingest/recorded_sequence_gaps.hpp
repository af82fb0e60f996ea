// RecordedSequenceGaps: the sequence gaps of one market that were recorded, filled in the background, however large they are.
//
// A page's trades are pushed as they come, and with them the news that these ids are missing no more: what is left is what a restart goes on
// with. A request that failed is made again behind the limiter's pause. An attempt ends where the exchange has no more, or fails several
// times in a row; one that brought nothing is repeated ever less often, and meanwhile other gaps have their turn. So have they after
// some pages of a large one. Requests stand behind all live ones of the host.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "ingest/market_parts.hpp"
#include "ingest/pager.hpp"
#include "ingest/sequence_gap_walk.hpp"

namespace candled::ingest {

class RecordedSequenceGaps {
 public:
  // rest_name: what REST calls the market; known once may_ask() says so.
  RecordedSequenceGaps(MarketParts parts, const Market& market, MarketStatistics& statistics,
                       const std::string& rest_name, std::function<bool()> may_ask)
      : parts_(parts),
        market_(market),
        statistics_(statistics),
        rest_name_(rest_name),
        may_ask_(std::move(may_ask)),
        work_(parts.loop) {}

  // start: of a walk over it, where known. Times are local (monotonic).
  void add(const SequenceGap& sequence_gap, std::optional<PageStart> start, Duration first_attempt);
  // Runs for as long as the loop does.
  net::Task<void> keep_filling();

 private:
  // A gap as it was recorded, or as the last run left it.
  struct Recorded {
    IdRange ids;
    std::size_t pieces = 1;  // that are open
    std::int64_t trades = 0;
    std::optional<Duration> began;  // when its first page was asked for
  };
  // A part of it that is missing still.
  struct Piece {
    std::shared_ptr<Recorded> of;
    IdRange missing;
    std::optional<PageStart> start;  // of a walk over it
    Timestamp guess;                 // a time near it, where the start is not known
    Duration next_attempt;
    std::size_t fruitless = 0;                        // attempts in a row that brought nothing
    std::unique_ptr<SequenceGapWalk> walk = nullptr;  // that failures or another gap's turn interrupted
  };
  using Pieces = std::list<Piece>;

  Pieces::iterator next_piece();
  bool another_is_due(Pieces::iterator piece) const;
  net::Task<void> attempt(Pieces::iterator piece);
  bool take(Pieces::iterator piece, std::span<const Trade> trades);
  void put_off(Pieces::iterator piece, bool brought, bool failed);
  void begin(Recorded& recorded);
  void done(Recorded& recorded);
  void tell_progress();
  void tell_open(const Piece& piece, Duration pause);

  MarketParts parts_;
  const Market& market_;
  MarketStatistics& statistics_;
  const std::string& rest_name_;
  std::function<bool()> may_ask_;
  net::Signal work_;
  Pieces pieces_;
  TradesPage page_;
  // Of the filling that goes on: since when, and what it brought.
  Duration filling_since_, told_at_, last_page_at_;
  std::int64_t filled_trades_ = 0;
};

}  // namespace candled::ingest
