#include "store/view_pages.hpp"

#include <algorithm>
#include <string_view>

#include "store/view_cells.hpp"

namespace candled::store {
namespace {

struct PageQuery {
  // Where the newest rows of each market (and strategy) begin, worked out once for each: the tables `m` and `s` of the source. Empty: it
  // needs none.
  std::string_view bounds;
  // Three integers that order the rows, descending; they stand behind the columns.
  std::string_view place;
  // From FROM on. Parameters: ?1 market or '', ?2 limit, ?3 strategy or '', ?4 and ?5 the first and last time wanted
  // (nanoseconds), ?6 ?7 ?8 the place after which to go on.
  std::string_view source;
  bool by_time = true;  // the first number of a place is the time
};

// The inner SELECT finds, along the primary key, where the newest ?2 rows of one market begin (one more, because the row
// at the cursor's own time may be left out); only those are then read and sorted, however many markets there are. CROSS
// JOIN keeps SQLite from turning the loops around. "+" keeps it from taking the cursor, which may be open, for the bound. Where it is a
// bound of its own, a table that is being rewritten (a view then) is read once, not once for each of its rows.
constexpr PageQuery candles{
    "WITH bound AS MATERIALIZED (SELECT m.*, max(?4, ifnull((SELECT x.open_time FROM candle x WHERE x.market = m.id "
    "AND x.open_time <= ?5 "
    "ORDER BY x.open_time DESC LIMIT 1 OFFSET ?2), ?4)) AS first FROM market m) ",
    "c.open_time, -m.id, 0",
    "FROM bound m CROSS JOIN candle c ON c.market = m.id AND c.open_time <= ?5 AND c.open_time >= m.first "
    "WHERE (?1 = '' OR m.name = ?1) AND (+c.open_time, -m.id, 0) < (?6, ?7, ?8) ORDER BY c.open_time DESC, m.id LIMIT "
    "?2"};

constexpr PageQuery predictions{
    "WITH bound AS MATERIALIZED (SELECT m.*, max(?4, ifnull((SELECT x.open_time FROM prediction x WHERE x.market = "
    "m.id AND x.open_time <= ?5 "
    "ORDER BY x.open_time DESC LIMIT 1 OFFSET ?2), ?4)) AS first FROM market m) ",
    "p.open_time, -m.id, 0",
    "FROM bound m CROSS JOIN prediction p ON p.market = m.id AND p.open_time <= ?5 AND p.open_time >= m.first "
    "LEFT JOIN candle c ON c.market = p.market AND c.open_time = p.open_time "
    "LEFT JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon "
    "WHERE (?1 = '' OR m.name = ?1) AND (+p.open_time, -m.id, 0) < (?6, ?7, ?8) ORDER BY p.open_time DESC, m.id LIMIT "
    "?2"};

// Fills are numbered in the order of their times.
constexpr PageQuery fills{
    {},
    "f.time, f.number, -(s.id * 1000000 + m.id)",
    "FROM strategy s CROSS JOIN market m CROSS JOIN fill f ON f.strategy = s.id AND f.market = m.id AND f.number >= "
    "ifnull((SELECT x.number FROM fill x WHERE x.strategy = s.id AND x.market = m.id AND x.time <= ?5 "
    "ORDER BY x.number DESC LIMIT 1 OFFSET ?2), 0) AND +f.time <= ?5 AND +f.time >= ?4 "
    "WHERE (?1 = '' OR m.name = ?1) AND (?3 = '' OR s.name = ?3) "
    "AND (+f.time, +f.number, -(s.id * 1000000 + m.id)) < (?6, ?7, ?8) "
    "ORDER BY f.time DESC, f.number DESC, s.id, m.id LIMIT ?2"};

constexpr PageQuery equity{
    {},
    "e.time, -(s.id * 1000000 + m.id), 0",
    "FROM strategy s CROSS JOIN market m CROSS JOIN equity_point e ON e.strategy = s.id AND e.market = m.id AND e.time "
    "<= ?5 "
    "AND e.time >= max(?4, ifnull((SELECT x.time FROM equity_point x WHERE x.strategy = s.id AND x.market = m.id AND "
    "x.time <= ?5 "
    "ORDER BY x.time DESC LIMIT 1 OFFSET ?2), ?4)) "
    "WHERE (?1 = '' OR m.name = ?1) AND (?3 = '' OR s.name = ?3) "
    "AND (+e.time, -(s.id * 1000000 + m.id), 0) < (?6, ?7, ?8) ORDER BY e.time DESC, s.id, m.id LIMIT ?2"};

// A model is named after its second: 20251124_190000.
constexpr PageQuery models{
    {},
    "CAST(replace(o.name, '_', '') AS INTEGER), 0, 0",
    "FROM model o LEFT JOIN model_alias a ON a.model = o.name WHERE o.created >= ?4 AND o.created <= ?5 AND ?1 = ?1 "
    "AND ?3 = ?3 "
    "AND (CAST(replace(o.name, '_', '') AS INTEGER), 0, 0) < (?6, ?7, ?8) ORDER BY o.name DESC LIMIT ?2",
    false};

constexpr PageQuery gaps{
    {},
    "h.detected, h.first_missing_id, -m.id",
    "FROM market m CROSS JOIN hole h ON h.market = m.id AND h.detected >= ?4 AND h.detected <= ?5 "
    "WHERE (?1 = '' OR m.name = ?1) AND ?3 = ?3 AND (+h.detected, +h.first_missing_id, -m.id) < (?6, ?7, ?8) "
    "ORDER BY h.detected DESC, h.first_missing_id DESC, m.id LIMIT ?2"};

const PageQuery& query_of(View view) {
  switch (view) {
    case View::trades: break;
    case View::candles: return candles;
    case View::predictions: return predictions;
    case View::fills: return fills;
    case View::equity: return equity;
    case View::models: return models;
    case View::gaps: return gaps;
  }
  invariant_failed("a view without pages");
}

}  // namespace

std::string page_sql(View view) {
  const PageQuery& query = query_of(view);
  return std::string(query.bounds) + "SELECT " + select_list(api_columns(view), in_api) + ", " +
         std::string(query.place) + " " + std::string(query.source);
}

ViewRows read_page(ViewConnection& connection, View view, const ViewFilter& filter, const Place& after) {
  const std::vector<ViewColumn>& columns = api_columns(view);
  const auto width = static_cast<int>(columns.size());
  const std::int64_t first = filter.from ? filter.from->ns : std::numeric_limits<std::int64_t>::min();
  const std::int64_t to = filter.to ? filter.to->ns - 1 : place_max;
  const std::int64_t last = query_of(view).by_time ? std::min(to, after[0]) : to;
  ViewRows rows = empty_rows(columns);
  Statement statement(connection.sql(), page_sql(view));
  statement.bind(filter.market, filter.limit + 1, filter.strategy, first, last, after[0], after[1], after[2]);
  std::int64_t count = 0;
  Place at{};
  while (statement.next()) {
    if (++count > filter.limit) {
      rows.next = place_text(at);
      continue;
    }
    append_cells(rows, statement, columns);
    at = {statement.integer(width), statement.integer(width + 1), statement.integer(width + 2)};
  }
  return rows;
}

}  // namespace candled::store
