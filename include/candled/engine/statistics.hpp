// EngineStatistics: what the stations count; written by their threads, read by the status line, the server and the tests.
#pragma once

#include "candled/flow/counter.hpp"

namespace candled::engine {

struct EngineStatistics {
  flow::Counter head_events;  // numbered by the head
  flow::Counter trades;       // through the candle station
  flow::Counter late_trades;
  flow::Counter candles, quiet_candles, gap_candles;
  flow::Counter candles_without_book;  // of markets whose book is followed: it was not known, or came too late
  flow::Counter late_books;            // facts that came after their candle closed
  flow::Counter predictions;
  flow::Counter fills;
  flow::Counter model_swaps;
  flow::Counter paused;              // 1 while paper trading opens no position
  flow::Counter committed_sequence;  // number of the last committed head event
  flow::Counter commits, commit_failures;
  flow::Counter file_damaged;                // 1: the check behind an unclean end found the database damaged
  flow::Counter unobserved;                  // committed events that the observers were too slow for
  flow::Counter probes;                      // round trips of the watchdog's probe through every station
  flow::Counter feed_queue, journal_queue;   // events waiting, when last looked at
  flow::LatencyHistogram decision_latency;   // event received to decision made, for candles closed live
  flow::LatencyHistogram commit_latency;     // one transaction
  flow::LatencyHistogram receipt_to_commit;  // event received to its candle committed, for candles closed live
};

}  // namespace candled::engine
