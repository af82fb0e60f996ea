// Retention and upkeep of the file, beside the journal: pruning in small slices, the size of the write-ahead log, and whether the file
// is still the one at its path.
//
// A JournalWriter of this process holds the file (its lock keeps others out), and writes nothing while a call runs here: both belong to
// one thread. Each writing call is one short transaction; errors as JournalWriter::write has them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::store {

struct FileSizes {
  std::int64_t database_bytes = 0;
  std::int64_t log_bytes = 0;   // of the write-ahead log beside it
  std::int64_t free_bytes = 0;  // inside the database: deleted, not returned to the file system
};

class Retention {
 public:
  // Throws StoreError.
  Retention(const std::filesystem::path& path, const MarketTable& markets);
  ~Retention();

  // History has proven that the exchange has no trade between this time and the first stored one.
  Result<void> note_complete_from(MarketId market, Timestamp time);

  // The latest start of a candle, at most `wished`, before which no trade is needed: not by the recovery from the last checkpoint, not
  // by a due revision, not by an open sequence gap. Nothing where there is no checkpoint yet. Where trades were pruned
  // once, candles stay as they are, so trades that came back there are not needed either.
  Result<Timestamp> prunable_before(MarketId market, Duration interval, Timestamp intended);

  // Deletes at most so many of the oldest trades (with the watermarks among them), or feature rows, before the time, and records that
  // everything before it was deleted on purpose. Returns how many; fewer than asked for: there are no more. Sequence gaps before all
  // remaining trades go with them.
  Result<std::int64_t> prune_trades(MarketId market, Timestamp before, std::int64_t rows_max);
  Result<std::int64_t> prune_features(MarketId market, Timestamp before, std::int64_t rows_max);

  // Whether there is anything to prune; cheap.
  Result<bool> has_trades_before(MarketId market, Timestamp time) const;
  Result<bool> has_features_before(MarketId market, Timestamp time) const;

  // Checkpoints and truncates the write-ahead log, if no reader needs it; never waits.
  Result<void> empty_log();
  FileSizes sizes() const;
  std::int64_t log_bytes() const;  // cheaper: only that
  // The file at the path is no longer the one being written: deleted, moved or replaced.
  bool has_moved() const;

  // Rewrites the whole file without its free pages; keep_going is called many times a second; false leaves the file as it was.
  Result<void> compact(const std::function<bool()>& keep_going);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
