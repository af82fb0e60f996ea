#include "store/trade_pages.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "store/view_cells.hpp"

namespace candled::store {
namespace {

struct Found {
  Place place{};
  std::vector<Cell> cells;
};

// The id of the newest trade before a time; ids of files (negative) and of the exchange each rise with time.
std::int64_t last_trade_id_before(const Connection& connection, std::int64_t market, Timestamp time) {
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  Statement edge(connection,
                 "SELECT trade_id FROM trade WHERE market = ?1 AND trade_id <= ?2 ORDER BY trade_id DESC LIMIT 1");
  Statement first(connection,
                  "SELECT trade_id, time FROM trade WHERE market = ?1 AND trade_id >= ?2 ORDER BY trade_id LIMIT 1");
  // The exchange's ids first, those made for files behind them.
  for (const auto& [floor, ceiling] : {std::pair{std::int64_t{0}, place_max}, std::pair{lowest, std::int64_t{-1}}}) {
    edge.bind(market, ceiling);
    const std::optional<std::int64_t> newest = first_value(edge, [](const Statement& row) { return row.integer(0); });
    if (!newest || *newest < floor) continue;
    first.bind(market, floor);
    const std::optional<std::int64_t> oldest = first_value(first, [](const Statement& row) { return row.integer(0); });
    std::int64_t low = *oldest - 1, high = *newest;  // the answer is low or above it, and at most high
    while (low < high) {
      const std::int64_t middle = high - (high - low) / 2;
      first.bind(market, middle);
      std::int64_t id = 0, at = place_max;
      while (first.next()) {
        id = first.integer(0);
        at = first.integer(1);
      }
      if (at < time.ns && id <= high) {
        low = id;
      } else {
        high = middle - 1;
      }
    }
    if (low >= *oldest) return low;
  }
  return lowest;
}

}  // namespace

ViewRows read_trades(ViewConnection& connection, const ViewFilter& filter, const Place& place) {
  const std::vector<ViewColumn>& columns = api_columns(View::trades);
  const auto width = static_cast<int>(columns.size());
  const std::int64_t first_time = filter.from ? filter.from->ns : std::numeric_limits<std::int64_t>::min();
  const std::int64_t end_time =
      std::min(filter.to ? filter.to->ns : place_max, place[0] == place_max ? place_max : place[0] + 1);
  Statement rows(
      connection.sql(),
      "SELECT " + select_list(columns, in_api) +
          ", t.time, t.trade_id, -m.id FROM market m CROSS JOIN trade t ON t.market = m.id AND t.trade_id <= ?2 "
          "WHERE m.id = ?1 ORDER BY t.trade_id DESC LIMIT ?3");
  std::vector<Found> found;
  for (const StoredMarket& market : connection.markets()) {
    if (!filter.market.empty() && filter.market != market.name) continue;
    const bool cursors_own = place != before_all && place[2] == -market.id;
    const std::int64_t last_id = cursors_own ? place[1] - 1
                                 : end_time == place_max
                                     ? place_max
                                     : last_trade_id_before(connection.sql(), market.id, {end_time});
    rows.bind(market.id, last_id, filter.limit + 1);
    while (rows.next()) {
      const Place at{rows.integer(width), rows.integer(width + 1), rows.integer(width + 2)};
      if (at[0] < first_time || (!cursors_own && at >= place)) continue;
      Found& row = found.emplace_back(Found{at, {}});
      for (int i = 0; i < width; ++i) row.cells.push_back(cell_of(rows, i, columns[static_cast<std::size_t>(i)].kind));
    }
  }
  // One market stays in the order of its ids, which no stamp that steps back can upset; several are merged by time.
  if (filter.market.empty()) std::ranges::stable_sort(found, std::greater<>{}, &Found::place);
  ViewRows page = empty_rows(columns);
  const auto limit = static_cast<std::size_t>(filter.limit);
  for (std::size_t i = 0; i < std::min(found.size(), limit); ++i)
    std::ranges::move(found[i].cells, std::back_inserter(page.cells));
  if (found.size() > limit) page.next = place_text(found[limit - 1].place);
  return page;
}

}  // namespace candled::store
