// What the feed does, as numbers that the ingest thread writes and any thread reads.
#pragma once

#include <cstddef>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/flow/counter.hpp"

namespace candled::ingest {

enum class MarketState {
  waiting,    // not subscribed (yet, or while the link is down)
  loading,    // fetching history before live trades pass
  live,       // trades pass as they come
  repairing,  // trades are held back while a hole in front of them is repaired
  refused,    // the exchange does not know or does not want this market
};

struct MarketStatistics {
  flow::Counter state;          // a MarketState
  flow::Counter trades;         // passed on, each id once
  flow::Counter duplicates;     // seen again: snapshots, overlaps
  flow::Counter holes;          // recorded
  flow::Counter holes_filled;   // of the recorded ones, filled later
  flow::Counter held;           // held back right now
  flow::Counter last_id;        // last passed on
  flow::Counter last_trade_ns;  // and its time, the exchange's
  flow::Counter book_updates;   // messages about its order book that were applied
  flow::Counter book_mismatches;  // times the book was found wrong: checksum, crossed, unreadable
  flow::Counter book_resyncs;   // times it was asked for anew
  flow::Counter book_facts;     // intervals whose facts were passed on
  flow::Counter book_valid;     // 1 while the book is known

  MarketState state_now() const { return static_cast<MarketState>(state.value()); }
};

struct FeedStatistics {
  explicit FeedStatistics(std::size_t market_count) : markets(market_count) {}

  flow::Counter frames;
  flow::Counter bytes;
  flow::Counter bad_frames;     // frames that could not be read, and rows of good frames
  flow::Counter connects;       // that succeeded
  flow::Counter reconnects;     // connections lost or failed
  flow::Counter connected;      // exchanges whose link is up right now
  flow::Counter rest_requests;
  flow::Counter rest_failures;  // rate limits included
  flow::Counter last_frame_ns;  // monotonic clock (flow::monotonic_now) of the last frame; 0 before the first
  std::vector<MarketStatistics> markets;  // by market id

  MarketStatistics& of(MarketId id) { return markets[index_of(id)]; }
  const MarketStatistics& of(MarketId id) const { return markets[index_of(id)]; }
};

}  // namespace candled::ingest
