#include "store/equity_series.hpp"

#include "store/view_cells.hpp"

namespace candled::store {

ViewRows read_equity_series(ViewConnection& connection, const SeriesFilter& filter, const Place& after,
                            const std::string& strategy) {
  const std::vector<ViewColumn>& columns = api_columns(View::equity);
  const auto width = static_cast<int>(columns.size());
  ViewRows rows = empty_rows(columns);
  // A point is stamped with the end of its candle: the one at the end of a step belongs to it.
  Stretch left(filter, after);
  Statement newest(
      connection.sql(),
      "SELECT " + select_list(columns, in_api) +
          ", e.time FROM strategy s CROSS JOIN market m CROSS JOIN equity_point e ON e.strategy = s.id AND e.market = "
          "m.id "
          "AND e.time > ?3 AND e.time <= ?4 WHERE m.name = ?1 AND s.name = ?2 ORDER BY e.time DESC LIMIT 1");
  std::int64_t given = 0;
  for (bool found = true; found && rows.next.empty();) {
    found = false;
    newest.bind(filter.market, strategy, left.from, left.end);
    while (newest.next()) {
      found = true;
      if (given == filter.limit) {
        rows.next = place_text({left.end, 0, 0});
        continue;
      }
      append_cells(rows, newest, columns);
      ++given;
      left.end = floor_to(Timestamp{newest.integer(width) - 1}, filter.step).ns;
    }
  }
  return rows;
}

}  // namespace candled::store
