// Reader: read-only access to committed trades, sequence gaps, candles and feature rows, for ingest's start, revisions and the trainer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/book_facts.hpp"
#include "candled/domain/candle.hpp"
#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/stop.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled::store {

struct StoredCursor {
  std::optional<std::int64_t> last_trade_id;
  Timestamp last_trade_time;
  struct Made {
    std::int64_t id = 0;
    Timestamp time;
  };
  std::optional<Made> last_made;  // the last trade without an id of the exchange
  std::vector<SequenceGap> open_sequence_gaps;
};

// Feature rows of one market in time order, as training wants them; unknown candles included, with rows of NaN.
struct StoredRows {
  std::vector<Timestamp> open_times;
  std::vector<Price> closes, highs, lows;
  std::vector<CandleState> states;
  std::vector<double> features;  // row-major, `width` doubles a row
};

struct IdRange {
  std::int64_t first_id = 0;
  std::int64_t last_id = 0;
  Timestamp first_time, last_time;
};

// Where the record of a market begins, by intention.
struct RecordBounds {
  std::optional<Timestamp> complete_from;  // history proved that no trade lies between this and the first stored one
  std::optional<Timestamp> trades_pruned_before;    // trades of older candles were deleted, see [storage] keep_trades
  std::optional<Timestamp> features_pruned_before;  // the same for feature rows
};

// One connection: use it from one thread at a time. Every call throws StoreError when the file cannot be read.
class Reader {
 public:
  // Markets are named by their table, as in the writer. The file must exist and be ours.
  Reader(const std::filesystem::path& path, MarketTable markets);
  ~Reader();
  Reader(Reader&&) noexcept;

  // From here on every call sees the file as it is now. For a consistent view of a file that is being written.
  void hold();

  // Ingest.
  StoredCursor cursor(MarketId market) const;
  // What lies behind this is not known, because the last stored watermark proves nothing: the last trade or the last proof.
  std::optional<Timestamp> unproven_from(MarketId market) const;
  RecordBounds bounds(MarketId market) const;
  // Runs of contiguous trade ids, ascending; ids of the exchange only (positive ones).
  std::vector<IdRange> stored_ranges(MarketId market) const;
  struct TimeSpan {
    Timestamp from, to;
  };
  // The span whose candles are due for a revision: late trades and unknown candles were committed in it since the last one.
  std::optional<TimeSpan> revision_due(MarketId market) const;
  std::vector<Trade> trades_between(
      MarketId market, Timestamp from,
      Timestamp to) const;  // in id order, those without ids among them by their times; to is exclusive
  std::optional<Trade> trade(MarketId market, std::int64_t id) const;
  std::int64_t count_of_trades(MarketId market, std::int64_t first_id, std::int64_t last_id) const;
  std::optional<Timestamp> first_trade_time(MarketId market) const;
  // The last trade, by id, that happened before the time.
  std::optional<Trade> last_trade_before(MarketId market, Timestamp time) const;

  // Candles and training.
  std::vector<Candle> candles(MarketId market, Timestamp from, Timestamp to) const;  // in time order; to is exclusive
  // Those of them that were computed from trades, but by a revision or a backfill and not by a head event.
  std::vector<Candle> candles_made_later(MarketId market, Timestamp from, Timestamp to) const;
  // At most so many from the time on, closed by a head event up to this number, in time order.
  std::vector<Candle> candles_after(MarketId market, Timestamp after, std::size_t count_max,
                                    std::int64_t sequence_max = INT64_MAX) const;
  // The order book's facts of the candles of [from, to), in time order; without those that came too late for their candle.
  std::vector<BookFacts> book_facts(MarketId market, Timestamp from, Timestamp to) const;
  std::int64_t candle_count(MarketId market, Timestamp from, const std::string& feature_hash) const;
  std::optional<Timestamp> last_candle_open_time(MarketId market) const;
  // How long after its end the newest candle was closed, by ingest's clock: large while a catch-up runs.
  std::optional<Duration> last_candle_lag(MarketId market, Duration interval) const;
  // Whether every feature row of the market is of this list.
  bool rows_are_of(MarketId market, const std::string& feature_hash) const;
  // A stop ends it with the rows so far.
  StoredRows training_rows(MarketId market, Timestamp from, const std::string& feature_hash, std::size_t width,
                           const Stop& stop = {}) const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
