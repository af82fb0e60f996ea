// CandleStream: sorted rows of candles as candles of the market's interval, each once, with what lies between them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "candled/domain/candle.hpp"
#include "files/row_reader.hpp"
#include "files/row_sorter.hpp"

namespace candled::files {

struct CandleRow {
  FileCandle row;
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  bool unknown = false;  // what a refused row told, nobody knows: a row that tells it comes first
};

// Of candles that open together the longest comes first: a minute is better told by its minute than by its first second.
struct CandleOrder {
  bool operator()(const CandleRow& a, const CandleRow& b) const {
    if (a.row.candle.open_time != b.row.candle.open_time) return a.row.candle.open_time < b.row.candle.open_time;
    if (a.row.interval != b.row.interval) return a.row.interval > b.row.interval;
    if (a.unknown != b.unknown) return b.unknown;
    return a.file != b.file ? a.file < b.file : a.line < b.line;
  }
};

struct CandleStreamCounts {
  std::int64_t repeated = 0, conflicting = 0;
  std::map<std::uint32_t, std::int64_t> conflicting_in_file;  // with an earlier row of the same file
};

class CandleStream {
 public:
  CandleStream(RowSorter<CandleRow, CandleOrder>& rows, Duration interval) : rows_(rows), interval_(interval) {}

  Result<void> rewind();
  Result<bool> next(Candle& candle);
  const CandleStreamCounts& counts() const { return counts_; }

 private:
  Result<bool> next_unique(CandleRow& row);
  void count_in_file(const CandleRow& row);
  // True when a candle is complete and stands in `finished`.
  bool take(const FileCandle& row, Candle& finished);
  void begin(const FileCandle& row, bool begins_whole);
  void merge(const Candle& part);
  Candle finish(bool ends_whole);
  Candle filler();

  RowSorter<CandleRow, CandleOrder>& rows_;
  const Duration interval_;
  CandleStreamCounts counts_;
  std::optional<CandleRow> unique_, before_;

  std::optional<Candle> open_;      // being put together
  bool partial_ = false;            // something of it is missing
  bool priced_ = false;             // something of it traded
  Timestamp until_;                 // end of the last row that was taken
  Absence absence_ = Absence::gap;  // of that row
  Price last_close_;

  Timestamp fill_next_, fill_end_;
  CandleState fill_state_ = CandleState::gap;
};

}  // namespace candled::files
