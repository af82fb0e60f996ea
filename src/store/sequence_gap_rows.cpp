#include "store/sequence_gap_rows.hpp"

#include <algorithm>
#include <optional>

namespace candled::store {

SequenceGapRows::SequenceGapRows(Connection& connection)
    : record_(connection,
              "INSERT INTO hole VALUES (?,?,?,?,?,NULL,?) ON CONFLICT DO UPDATE SET last_missing_id = "
              "max(last_missing_id, excluded.last_missing_id)"),
      open_(
          connection,
          "SELECT first_missing_id, last_missing_id, detected, proven_until, sequence FROM hole WHERE market = ?1 AND "
          "first_missing_id <= ?3 AND last_missing_id >= ?2 AND filled IS NULL"),
      add_(connection,
           "INSERT INTO hole VALUES (?,?,?,?,?,?,0) ON CONFLICT DO UPDATE SET last_missing_id = max(last_missing_id, "
           "excluded.last_missing_id), filled = excluded.filled"),
      shorten_(connection, "UPDATE hole SET last_missing_id = ?3 WHERE market = ?1 AND first_missing_id = ?2"),
      close_(connection,
             "UPDATE hole SET last_missing_id = ?3, filled = ?4 WHERE market = ?1 AND first_missing_id = ?2"),
      before_(
          connection,
          "SELECT b.first_missing_id FROM hole h JOIN hole b ON b.market = h.market AND b.first_missing_id = (SELECT "
          "max(first_missing_id) FROM hole WHERE market = ?1 AND first_missing_id < ?2) WHERE h.market = ?1 AND "
          "h.first_missing_id = ?2 AND h.sequence = 0 AND b.filled IS NOT NULL AND b.detected = h.detected AND "
          "b.last_missing_id = h.first_missing_id - 1"),
      behind_(
          connection,
          "SELECT b.first_missing_id FROM hole h JOIN hole b ON b.market = h.market AND b.first_missing_id = "
          "h.last_missing_id + 1 WHERE h.market = ?1 AND h.first_missing_id = ?2 AND b.sequence = 0 AND b.filled IS "
          "NOT NULL AND b.detected = h.detected"),
      extend_(
          connection,
          "UPDATE hole SET last_missing_id = b.last_missing_id, filled = max(hole.filled, b.filled) FROM hole b WHERE "
          "hole.market = ?1 AND hole.first_missing_id = ?2 AND b.market = ?1 AND b.first_missing_id = ?3"),
      remove_(connection, "DELETE FROM hole WHERE market = ? AND first_missing_id = ?"),
      stored_(
          connection,
          "SELECT trade_id, time, received FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ? ORDER BY "
          "trade_id"),
      // From the trade in front to the one behind; with no trade behind, to the end of the record.
      due_(
          connection,
          "INSERT INTO revision_due SELECT ?1, min(time), CASE WHEN EXISTS (SELECT 1 FROM trade WHERE market = ?1 AND "
          "trade_id > ?3) THEN max(time) + 1 ELSE ?4 END FROM trade WHERE market = ?1 AND trade_id IN (?2 - 1, ?2, ?3, "
          "?3 + 1) HAVING count(*) > 0 ON CONFLICT DO UPDATE SET from_time = min(from_time, excluded.from_time), "
          "to_time "
          "= max(to_time, excluded.to_time)") {}

void SequenceGapRows::record(std::int64_t market, const SequenceGap& sequence_gap, std::int64_t sequence) {
  record_
      .bind(market, sequence_gap.first_missing_id, sequence_gap.last_missing_id, sequence_gap.detected.ns,
            sequence_gap.proven_until.ns, sequence)
      .run();
}

std::vector<SequenceGapRows::Row> SequenceGapRows::open_between(std::int64_t market, std::int64_t first,
                                                                std::int64_t last) {
  std::vector<Row> rows;
  open_.bind(market, first, last);
  while (open_.next())
    rows.push_back({open_.integer(0), open_.integer(1), open_.integer(2), open_.integer(3), open_.integer(4)});
  return rows;
}

void SequenceGapRows::fill(std::int64_t market, const SequenceGap& came) {
  const std::vector<Row> rows = open_between(market, came.first_missing_id, came.last_missing_id);
  for (const Row& row : rows) cut(market, row, came);
  if (!rows.empty()) note_due(market, came.first_missing_id, came.last_missing_id);
}

// What of the row has come gets a row of its own, or the row's where it is the beginning of it; so does what is missing behind it.
void SequenceGapRows::cut(std::int64_t market, Row row, const SequenceGap& came) {
  const std::int64_t first = std::max(row.first, came.first_missing_id),
                     last = std::min(row.last, came.last_missing_id);
  if (last < row.last) add_.bind(market, last + 1, row.last, row.detected, came.proven_until.ns, std::nullopt).run();
  if (first > row.first) {
    shorten_.bind(market, row.first, first - 1).run();
    add_.bind(market, first, last, row.detected, std::int64_t{0}, came.detected.ns).run();
  } else {
    close_.bind(market, first, last, came.detected.ns).run();
  }
  grow_together(market, first);
}

// A part that has come joins those beside it.
void SequenceGapRows::grow_together(std::int64_t market, std::int64_t first) {
  const auto one = [&](Statement& statement) {
    std::optional<std::int64_t> found;
    statement.bind(market, first);
    while (statement.next()) found = statement.integer(0);
    return found;
  };
  const auto join = [&](std::int64_t into, std::int64_t from) {
    extend_.bind(market, into, from).run();
    remove_.bind(market, from).run();
  };
  if (const std::optional<std::int64_t> behind = one(behind_)) join(first, *behind);
  if (const std::optional<std::int64_t> before = one(before_)) join(*before, first);
}

void SequenceGapRows::note_due(std::int64_t market, std::int64_t first, std::int64_t last) {
  due_.bind(market, first, last, INT64_MAX).run();
}

void SequenceGapRows::settle(std::int64_t market) {
  for (const Row& row : open_between(market, 0, INT64_MAX)) {
    std::vector<SequenceGap> came;
    stored_.bind(market, row.first, row.last);
    while (stored_.next()) {
      const std::int64_t id = stored_.integer(0);
      if (came.empty() || came.back().last_missing_id + 1 != id) came.push_back({id, id, {}, {}});
      came.back().last_missing_id = id;
      came.back().proven_until = Timestamp{stored_.integer(1)};
      came.back().detected = std::max(came.back().detected, Timestamp{stored_.integer(2)});
    }
    for (const SequenceGap& part : came) fill(market, part);
  }
}

}  // namespace candled::store
