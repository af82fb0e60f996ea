// SequenceGapRows: the rows of recorded sequence gaps as the journal writes them.
//
// A row is of ids that are missing, or of ids that came later (`filled`). While a gap is filled page by page, what came and what is missing
// still have a row each; parts of one gap that have come grow together, so that in the end one row is left. The row with the gap's first id
// stays the record of the event, whatever becomes of its last id: the rows of parts carry no sequence.
#pragma once

#include <cstdint>
#include <vector>

#include "candled/domain/event.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

class SequenceGapRows {
 public:
  explicit SequenceGapRows(Connection& connection);

  // Within a transaction of the caller. market: its row.
  void record(std::int64_t market, const SequenceGap& sequence_gap, std::int64_t sequence);
  // These ids came, at `detected`, and their trades are stored: notes also that the candles there are due for a revision.
  void fill(std::int64_t market, const SequenceGap& came);
  // Trades inside open gaps that are stored already: a crash came between them and the word that they came.
  void settle(std::int64_t market);

 private:
  struct Row {
    std::int64_t first = 0, last = 0, detected = 0, proven_until = 0, sequence = 0;
  };

  std::vector<Row> open_between(std::int64_t market, std::int64_t first, std::int64_t last);
  void cut(std::int64_t market, Row row, const SequenceGap& came);
  void grow_together(std::int64_t market, std::int64_t first);
  void note_due(std::int64_t market, std::int64_t first, std::int64_t last);

  Statement record_, open_, add_, shorten_, close_, before_, behind_, extend_, remove_, stored_, due_;
};

}  // namespace candled::store
