// FeedStatistics: what the feed does, as numbers that the ingest thread writes and any thread reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/flow/counter.hpp"

namespace candled::ingest {

enum class MarketState {
  waiting,    // not subscribed (yet, or while the link is down)
  loading,    // fetching history before live trades pass
  live,       // trades pass as they come
  repairing,  // trades are held back while a sequence gap before them is repaired
  refused,    // the exchange does not know or does not want this market
  quiet,      // as live; nothing has traded for a minute and more, and REST has proven it
  unproven,   // nothing is heard of it and REST has not answered: its minutes are gaps until it does
  silent,     // REST has trades that the stream does not tell
  foreign,    // its trades carry ids that cannot belong to what is stored: its minutes are gaps
  ahead,      // what is stored is ahead of the exchange's clock
};

struct MarketStatistics {
  flow::Counter state;                 // a MarketState
  flow::Counter trades;                // passed on, each id once
  flow::Counter duplicates;            // seen again: snapshots, overlaps
  flow::Counter sequence_gaps;         // recorded
  flow::Counter sequence_gaps_filled;  // of the recorded ones, filled later
  flow::Counter missing;               // ids inside recorded sequence gaps right now
  flow::Counter held;                  // held back right now
  flow::Counter last_id;               // last passed on
  flow::Counter last_trade_ns;         // and its time, the exchange's
  flow::Counter foreign_id;            // of the last trade that could not belong to what is stored
  flow::Counter silences;              // times the stream was found silent while REST had trades
  flow::Counter ahead_ns;              // how far what is stored is ahead of the exchange's clock, while it is
  flow::Counter book_updates;          // messages about its order book that were applied
  flow::Counter book_mismatches;       // times the book was found wrong: checksum, crossed, unreadable
  flow::Counter book_resyncs;          // times it was requested again
  flow::Counter book_facts;            // intervals whose facts were passed on
  flow::Counter book_valid;            // 1 while the book is known

  MarketState state_now() const { return static_cast<MarketState>(state.value()); }
};

// Of all connections and REST calls of one exchange.
struct ExchangeStatistics {
  std::string name;
  flow::Counter frames;
  flow::Counter bytes;
  flow::Counter bad_frames;  // frames that could not be read, and rows of good frames
  flow::Counter connects;    // that succeeded
  flow::Counter reconnects;  // connections lost or failed
  flow::Counter connected;   // connections that are up right now
  flow::Counter rest_requests;
  flow::Counter rest_failures;  // rate limits included
  flow::Counter last_frame_ns;  // monotonic clock (flow::monotonic_now) of the last frame; 0 before the first
};

struct FeedStatistics {
  explicit FeedStatistics(const MarketTable& table);

  std::vector<MarketStatistics> markets;      // by market id
  std::vector<ExchangeStatistics> exchanges;  // in the order of their first markets

  MarketStatistics& of(MarketId id) { return markets[index_of(id)]; }
  const MarketStatistics& of(MarketId id) const { return markets[index_of(id)]; }
  // Of an exchange with a market in the table.
  ExchangeStatistics& of(std::string_view exchange);
  // Over all exchanges.
  std::int64_t total(flow::Counter ExchangeStatistics::* counter) const;
  std::int64_t last_frame_ns() const;
};

}  // namespace candled::ingest
