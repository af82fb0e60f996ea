// RowWalk: the rows of one table in their order, visited side by side with what a replay makes in the same order.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "candled/store/recording.hpp"

namespace candled::engine {

// Where a row stands in the order of its table.
inline std::int64_t place_of(const store::RecordedCandle& row) { return row.candle.open_time.ns; }
inline std::int64_t place_of(const store::RecordedFeatures& row) { return row.open_time.ns; }
inline std::int64_t place_of(const store::RecordedPrediction& row) { return row.open_time.ns; }
inline std::int64_t place_of(const store::RecordedOrder& row) { return row.order.decided_on.ns; }
inline std::int64_t place_of(const store::RecordedEquity& row) { return row.point.time.ns; }
// Fills are numbered again where an account began again, so the event that filled the order says which they are.
inline std::int64_t place_of(const store::RecordedFill& row) { return row.sequence; }

template <class Row>
class RowWalk {
 public:
  explicit RowWalk(store::Rows<Row> rows) : rows_(std::move(rows)), front_(rows_()) {}

  // The row at this place, if there is one; skip(row) for each before it.
  template <class Skip>
  std::optional<Row> reach(std::int64_t place, const Skip& skip) {
    while (front_ && place_of(*front_) < place) skip(*std::exchange(front_, rows_()));
    if (!front_ || place_of(*front_) != place) return std::nullopt;
    return std::exchange(front_, rows_());
  }
  // skip(row) for each that is left.
  template <class Skip>
  void finish(const Skip& skip) {
    while (front_) skip(*std::exchange(front_, rows_()));
  }

 private:
  store::Rows<Row> rows_;
  std::optional<Row> front_;
};

}  // namespace candled::engine
