// FeatureRows: what the writers of the file do with feature rows, and which of them are due to be rebuilt.
//
// A row is of one of two kinds. `sequence` > 0: a head event made it, it is what inference saw, and it stays. 0: it was made from the
// stored candles, so it has to change when a candle up to it does: the change is noted in the same transaction, as the time from which
// on rows are due.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/time.hpp"
#include "store/rewrite.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// Times and row ids as they are stored. All but take_due() belong into a transaction of the caller.
class FeatureRows {
 public:
  using Rows = std::span<const std::pair<Timestamp, std::vector<double>>>;

  explicit FeatureRows(const Connection& connection);

  // Takes the place of a row that was made from stored candles, and of no other.
  void write_live(std::int64_t market, Timestamp open_time, const std::string& hash, const std::vector<double>& row,
                  std::int64_t sequence);

  // Rows made from stored candles; an empty one: the candle has none (a gap). replace() leaves only rows that a prediction was made on,
  // refresh() leaves all that a head event made. Both return how many rows changed.
  std::int64_t replace(std::int64_t market, const std::string& hash, Rows rows);
  std::int64_t refresh(std::int64_t market, const std::string& hash, Rows rows);

  // A candle has changed: the rows from it on are due.
  void note_due(std::int64_t market, Timestamp open_time);
  // From where on rows are due; the caller makes them again and says done(). Nothing more is due until the next note.
  std::optional<Timestamp> take_due(std::int64_t market);
  // Behind take_due(): forgets the note, unless another came meanwhile.
  void done(std::int64_t market);

 private:
  std::int64_t put(Statement& statement, std::int64_t market, const std::string& hash, Rows rows);

  sqlite3* connection_;
  Statement live_, replace_, refresh_;
  Deletion remove_;
  Statement note_, forget_;
  std::map<std::int64_t, Timestamp> due_;
};

}  // namespace candled::store
