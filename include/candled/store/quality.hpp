// Quality of a market's stored data: how much there is, what is missing to the single id, and what looks wrong.
// Read-only, in short transactions, so that it works while a daemon writes and its write-ahead log can be truncated meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"

namespace candled::store {

// Ids that are not stored, between two that are (or after the last, in a recorded sequence gap).
struct MissingIds {
  std::int64_t first_id = 0, last_id = 0;
  Timestamp after;                  // the trade before them
  std::optional<Timestamp> before;  // the trade after them
};

struct MissingCandles {
  Timestamp from, to;  // first and last open time
  std::int64_t candles = 0;
  bool stored_as_gap = true;  // else there is no row at all
};

// A candle that moved further from the previous close than its neighbourhood explains.
struct Outlier {
  Timestamp open_time;
  double move = 0;   // share of the price
  double times = 0;  // of the band's width
};

struct TradeQuality {
  std::int64_t count = 0, without_id = 0, late = 0;
  std::int64_t from_stream = 0, from_rest = 0, imported = 0;
  std::optional<Timestamp> first, last;
  std::optional<std::int64_t> first_id, last_id;  // of the exchange's ids
  std::int64_t missing_ids = 0;
  std::int64_t missing_runs = 0;
  std::vector<MissingIds> missing;  // the first `listed_max` of them
};

struct CandleQuality {
  std::int64_t traded = 0, quiet = 0, gap = 0, absent = 0;  // absent: no row between the first and the last
  std::int64_t without_trades = 0;                          // imported as candles
  std::int64_t revised = 0;
  std::optional<Timestamp> first, last;
  std::int64_t missing_runs = 0;
  std::vector<MissingCandles> missing;  // the first `listed_max` of them
  std::int64_t outliers = 0;
  std::vector<Outlier> worst;  // at most five, the worst first
};

struct MarketQuality {
  static constexpr std::size_t listed_max = 100;

  Market market;
  TradeQuality trades;
  CandleQuality candles;
  std::int64_t open_sequence_gaps = 0, filled_sequence_gaps = 0;  // recorded
  std::optional<Timestamp> trades_pruned_before, features_pruned_before;
  std::int64_t trades_older = 0, features_older = 0;  // than that, and stored nevertheless: they came back

  bool whole() const {
    return trades.missing_ids == 0 && candles.gap == 0 && candles.absent == 0 && open_sequence_gaps == 0;
  }
};

// The markets that the file holds, with ids 0, 1, 2 ... Throws StoreError.
MarketTable stored_markets(const std::filesystem::path& path);

// progress: rows read so far; false ends the reading (then nothing is returned). Throws StoreError.
std::optional<MarketQuality> read_quality(const std::filesystem::path& path, const Market& market,
                                          const std::function<bool(std::int64_t rows)>& progress);

}  // namespace candled::store
