// History over REST: `--backfill` and `--gap-fill`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/log.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "candled/ingest/settings.hpp"

namespace candled::ingest {

// Stored trades with contiguous ids, and the times of the first and the last.
struct StoredRange {
  std::int64_t first_id = 0;
  std::int64_t last_id = 0;
  Timestamp first_time;
  Timestamp last_time;
};

struct HistoryRequest {
  // Trades from here on are fetched, oldest first, but for those in `stored`. With `back`, from is the exchange's clock less
  // it, cut down to a whole interval: what `--backfill 30d` means on a machine whose clock is wrong.
  Timestamp from;
  std::optional<Duration> back;
  std::optional<Timestamp> to;        // exclusive; absent: up to the newest trade
  std::vector<StoredRange> stored;    // ascending; skipped without being fetched again
  std::vector<Hole> open_holes;       // repaired after the rest; each that becomes complete is announced by hole_filled
};

struct HistoryProgress {
  std::int64_t trades = 0;
  Timestamp reached;       // time of the newest trade so far
  double part_done = 0;    // 0 to 1, by time
  double trades_per_second = 0;
  Duration left;           // estimate at the present rate
};

struct HistoryReport {
  std::int64_t trades = 0;
  std::int64_t pages = 0;
  std::int64_t holes = 0;         // new ones: ids that REST does not have
  std::int64_t holes_filled = 0;
  Timestamp from;                 // the start that was used
  Timestamp reached;              // time of the newest trade fetched or skipped
  bool complete = false;          // false: stopped before the end
};

// Runs on the calling thread, which becomes the sender's thread, until done, until `stopped()` says true (asked between
// pages and while waiting), or until an error that no waiting cures. Waits out rate limits and outages. Does not close `out`,
// to which the caller has attached a parker that outlives the channel.
// When nothing is stored, the first event is a tick at the aligned start: what follows is complete from there on.
// Trades in front of or between stored ones are pushed in id order, too; a station that has passed them sees them as late.
Result<HistoryReport> fetch_history(const FeedSettings& settings, const Market& market, const HistoryRequest& request,
                                    flow::Sender& out, flow::Log& log, FeedStatistics& statistics,
                                    const std::function<void(const HistoryProgress&)>& progress,
                                    const std::function<bool()>& stopped);

}  // namespace candled::ingest
