// History over REST: `--backfill`, `--gap-fill`, `--candles`, and the exchange's own candles to compare ours with.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/log.hpp"
#include "candled/flow/world.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "candled/ingest/made_trade.hpp"
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
  // Trades from here on are fetched, oldest first, except those in `stored`. With `back`, from is the exchange's clock less
  // it, cut down to a whole interval: what `--backfill 30d` means on a machine whose clock is wrong.
  Timestamp from;
  std::optional<Duration> back;
  std::optional<Timestamp> no_later;            // whatever from and back say: the start is not behind it
  Timestamp not_before;                         // whatever from and back say: what is older was deleted on purpose
  std::optional<Timestamp> to;                  // exclusive; absent: up to the newest trade
  std::vector<StoredRange> stored;              // ascending; skipped without being fetched again
  std::vector<SequenceGap> open_sequence_gaps;  // recorded; each that becomes complete is announced by hole_filled
  std::optional<MadeTrade> last_made;           // where only trades without ids are stored: the last of them
  bool repair_elsewhere = false;                // fetch those too that the walk does not pass
};

struct HistoryProgress {
  std::int64_t trades = 0;
  Timestamp reached;     // time of the newest trade so far
  double part_done = 0;  // 0 to 1, by time
  double trades_per_second = 0;
  Duration left;  // estimate at the present rate
};

struct HistoryReport {
  std::int64_t trades = 0;
  std::int64_t pages = 0;
  std::int64_t sequence_gaps =
      0;  // new ones: ids that REST does not have, or that lie between what was asked for and what is stored
  std::int64_t sequence_gaps_filled = 0;
  Timestamp from;         // the start that was used
  Timestamp reached;      // time of the newest trade fetched or skipped
  bool complete = false;  // false: stopped before the end
  // The exchange has no trade between `from` and the first that was pushed or skipped: what is stored is complete from `from` on.
  bool from_is_proven = false;
};

// Asks the exchanges in its settings, and keeps their pace over all its calls. Every call runs on the calling thread until it is done,
// until `stopped()` returns true (called several times a second), or until an error that waiting cannot cure. Waits out rate limits
// and outages.
class HistoryFetcher {
 public:
  // log, statistics and world are dependencies, not owned; every call runs the world.
  HistoryFetcher(ExchangeTable exchanges, FeedSettings settings, flow::Log& log, FeedStatistics& statistics,
                 flow::World& world);
  ~HistoryFetcher();
  HistoryFetcher(HistoryFetcher&&) noexcept;

  // Does not close `out`, which the calling thread owns and to which the caller has attached a parker that outlives the channel.
  // When nothing is stored, the first event is a watermark at the aligned start: what follows is complete from there on.
  // Trades before or between stored ones are pushed in id order, too; a station that has passed them sees them as late.
  // Ids between stored trades that are neither fetched nor in a recorded sequence gap are recorded as one.
  Result<HistoryReport> fetch(const Market& market, const HistoryRequest& request, flow::Sender& out,
                              const std::function<void(const HistoryProgress&)>& progress,
                              const std::function<bool()>& stopped);

  // The finished candles of the market's interval that the exchange still has, ascending, without tape and
  // buy volume. Refuses an interval that the exchange does not offer. Empty when stopped.
  Result<std::vector<Candle>> candles(const Market& market, const std::function<bool()>& stopped);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::ingest
