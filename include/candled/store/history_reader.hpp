// HistoryReader: the past of one market as a backtest reads it: trades by id and candles by time, a page at a time, so that
// memory does not grow with the period and a running daemon can truncate its write-ahead log between two pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/book_facts.hpp"
#include "candled/domain/candle.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled::store {

struct HistoryCandle {
  Candle candle;
  std::optional<BookFacts> book;  // the order book's facts, where they came in time
  std::vector<double> features;   // of the list that was asked for; empty: none is stored
};

// What the file holds of [from, to).
struct HistoryExtent {
  std::optional<Timestamp> first_candle, last_candle;  // open times
  std::int64_t candles = 0;                            // gaps included
  std::int64_t gaps = 0;
  bool has_trades = false;
};

// One connection: use it from one thread at a time. Throws StoreError when the file cannot be read.
class HistoryReader {
 public:
  // The file must exist and be ours. Feature rows of lists with another hash are skipped.
  HistoryReader(const std::filesystem::path& path, const Market& market, std::string feature_hash);
  ~HistoryReader();

  HistoryExtent extent(Timestamp from, Timestamp to) const;
  // Feature rows of the list there; reads them all.
  std::int64_t row_count(Timestamp from, Timestamp to) const;
  // Where the whole record begins and ends: open time of the first candle, end of the last.
  std::optional<Timestamp> begin() const;
  std::optional<Timestamp> end() const;

  // Candles with open_time >= from, in time order, at most so many. Feature rows only where asked for.
  std::vector<HistoryCandle> candles(Timestamp from, std::size_t count_max, bool with_features);
  // The open time of the candle so many places before `from`; of the first where there are fewer.
  std::optional<Timestamp> open_time_before(Timestamp from, std::int64_t candles) const;

  // The trades from a time on, in the order in which they happened: those with ids of the exchange by id, those with
  // made-up ids in between, by time. Begins with the last one before `from`, where there is one. That is not the order in which the daemon received
  // them, which RecordStream gives; both read the same pages.
  void seek_trades(Timestamp from);
  std::optional<Trade> next_trade();  // nullopt after the last

  // Up to where the feed had been proven complete when it met this sequence gap; 0 where that is not recorded.
  Timestamp proven_until(std::int64_t first_missing_id) const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
