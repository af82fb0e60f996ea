// TradeStream: sorted rows of trades as trades, each once, with the ids that files without ids are given.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>

#include "candled/domain/trade.hpp"
#include "candled/domain/trade_content.hpp"
#include "candled/files/import.hpp"
#include "files/row_sorter.hpp"

namespace candled::files {

struct TradeRow {
  Trade trade;
  std::uint32_t file = 0;  // number of the file, in the order of reading
  std::uint32_t line = 0;
  bool exported = false;  // by candled: what was stored once is not judged again
};

struct TradeOrder {
  bool operator()(const TradeRow& a, const TradeRow& b) const {
    if (a.trade.id != b.trade.id) return a.trade.id < b.trade.id;
    return a.file != b.file ? a.file < b.file : a.line < b.line;
  }
};

struct TradeStreamCounts {
  std::int64_t repeated = 0, conflicting = 0;
};

class TradeStream {
 public:
  // `made`: the rows come with made_id_from(time) as their id, and get here the first from there on that is free. They are known by their
  // content: a file that has one three times has three of it, a second file that has it twice has two of these again.
  TradeStream(RowSorter<TradeRow, TradeOrder>& rows, bool made) : rows_(rows), made_(made) {}

  Result<void> rewind();
  // Called for a row that is left out because its time contradicts its id. The same rows on every pass. Made ids follow
  // from their times and cannot.
  using Refused = std::function<void(const TradeRow&, const char* why)>;
  Result<bool> next(Trade& trade, const Refused& refused);
  const TradeStreamCounts& counts() const { return counts_; }
  // The row of the trade that was handed out last.
  const TradeRow& row() const { return row_; }

 private:
  Result<bool> next_unique(TradeRow& row);
  bool make_id(TradeRow& row);
  void begin_again();
  Result<void> find_beginning();

  RowSorter<TradeRow, TradeOrder>& rows_;
  bool made_;
  TradeStreamCounts counts_;
  std::optional<TradeRow> unique_;  // the last one of next_unique
  std::optional<TradeRow> ahead_;
  std::optional<Timestamp> last_time_;  // of the last one handed out
  Timestamp first_time_max_;            // what the first one may have
  TradeRow row_;

  struct Seen {
    std::uint32_t file = 0;
    std::int64_t in_file = 0, taken = 0;
  };
  std::unordered_map<TradeContent, Seen, TradeContentHash> seen_;  // of the microsecond at hand
  std::int64_t base_id_ = 0;                                       // of this microsecond
  std::int64_t last_made_id_ = INT64_MIN;
};

}  // namespace candled::files
