// ImportWriter: what an import writes beside the conveyor: candles without trades, and what it found out about ids.
//
// A JournalWriter of this process holds the file (its lock keeps daemons out) and writes nothing while a call runs here. Each call
// is one transaction; errors as JournalWriter::write has them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled::store {

struct CandleImport {
  Candle candle;
  std::vector<double> features;  // empty for a gap
  bool is_stored = false;        // the candle stays as it is, its features are rebuilt
};

struct IdSpan {
  std::int64_t first = 0, last = 0;  // both included
  friend bool operator==(const IdSpan&, const IdSpan&) = default;
};

class ImportWriter {
 public:
  // Throws StoreError.
  ImportWriter(const std::filesystem::path& path, MarketTable markets);
  ~ImportWriter();

  // New candles, and candles that replace stored unknown ones; any other stored candle stays. So do feature rows that a prediction was
  // made on.
  Result<void> write_candles(MarketId market, const std::string& feature_hash, std::span<const CandleImport> rows);

  std::optional<Timestamp> first_candle_open_time(MarketId market) const;

  // How the trades of the market are numbered: absent before the first import of aggregate trades.
  std::optional<std::string> numbering(MarketId market) const;
  Result<void> set_numbering(MarketId market, const std::string& numbering);

  // Ids of stored trades from `first` on, ascending, at most `count`: a short read, so that the write-ahead log can be truncated.
  std::vector<std::int64_t> trade_ids(MarketId market, std::int64_t first, std::int64_t count) const;
  // Trades with ids of their exchange from `first` on, by id, at most `count`.
  std::vector<Trade> numbered_trades(MarketId market, std::int64_t first, std::int64_t count) const;
  std::optional<std::int64_t> last_trade_id_before(MarketId market, std::int64_t id) const;

  // Makes the recorded sequence gaps between the ids of two stored trades agree with what is missing there: exactly `missing`.
  // What is no longer missing is marked as filled. Returns the gaps that were closed, in whole or in part.
  Result<std::vector<IdSpan>> settle_sequence_gaps(MarketId market, IdSpan between, std::span<const IdSpan> missing,
                                                   Timestamp now);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
