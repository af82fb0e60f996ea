// Series thinned to one value a step: each is the newest stored row of its step, found by one seek, however many lie
// between. So a year is as quick as an hour.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "store/view_implementation.hpp"

namespace candled::store {
namespace {

Result<Place> check(const SeriesFilter& filter) {
  if (filter.limit < 1 || filter.limit > view_limit_max || filter.step <= Duration{}) return refuse("a limit or step out of range");
  return parse_place(filter.cursor);
}

// What is left of the filter's stretch, in steps: the next row lies in [from, end).
struct Stretch {
  std::int64_t from, end;

  Stretch(const SeriesFilter& filter, const Place& place)
      : from(filter.from ? ceiling_to(*filter.from, filter.step).ns : std::numeric_limits<std::int64_t>::min()),
        end(std::min(filter.to ? ceiling_to(*filter.to, filter.step).ns : place_max, place[0])) {}
};

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    names.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

constexpr std::size_t absent = std::numeric_limits<std::size_t>::max();

// Where the wanted names stand in the rows of each feature list.
class Positions {
 public:
  Positions(const Connection& connection, const std::vector<std::string>& names)
      : wanted_(names), list_(connection, "SELECT names FROM feature_list WHERE hash = ?") {}

  const std::vector<std::size_t>& of(std::string_view hash) {
    const auto known = positions_.find(hash);
    if (known != positions_.end()) return known->second;
    std::vector<std::string> names;
    list_.bind(hash);
    while (list_.next()) names = split_names(list_.text(0));
    std::vector<std::size_t>& positions = positions_[std::string(hash)];
    for (const std::string& name : wanted_) {
      const auto found = std::ranges::find(names, name);
      positions.push_back(found == names.end() ? absent : static_cast<std::size_t>(found - names.begin()));
    }
    return positions;
  }

 private:
  const std::vector<std::string>& wanted_;
  Statement list_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> positions_;
};

double value_at(std::string_view row, std::size_t position) {
  double value = std::nan("");
  if (position != absent && (position + 1) * sizeof value <= row.size()) {
    std::memcpy(&value, row.data() + position * sizeof value, sizeof value);
  }
  return value;
}

}  // namespace

Result<IndicatorSeries> ViewReader::indicators(const SeriesFilter& filter, const std::vector<std::string>& names) {
  const Result<Place> place = check(filter);
  if (!place) return std::unexpected(place.error());
  return implementation_->reading([&] {
    IndicatorSeries series;
    const auto market = implementation_->market(filter.market);
    if (!market) return series;
    Positions positions(implementation_->connection, names);
    Stretch left(filter, *place);
    Statement newest(implementation_->connection,
                     "SELECT open_time, hash, row FROM feature WHERE market = ?1 AND open_time >= ?2 AND open_time < ?3 "
                     "ORDER BY open_time DESC LIMIT 1");
    // One step more than wanted tells whether there are older ones.
    for (bool found = true; found && series.next.empty();) {
      found = false;
      newest.bind(market->id, left.from, left.end);
      while (newest.next()) {
        found = true;
        if (static_cast<std::int64_t>(series.open_times.size()) == filter.limit) {
          series.next = place_text({series.open_times.back().ns, 0, 0});
          continue;
        }
        const Timestamp step = floor_to(Timestamp{newest.integer(0)}, filter.step);
        left.end = step.ns;
        series.open_times.push_back(step);
        const std::string_view row = newest.blob(2);
        for (const std::size_t position : positions.of(newest.text(1))) series.values.push_back(value_at(row, position));
      }
    }
    return series;
  });
}

Result<std::vector<std::string>> ViewReader::indicator_names(const std::string& market) {
  return implementation_->reading([&] {
    const auto stored = implementation_->market(market);
    if (!stored) return std::vector<std::string>{};
    Statement names(implementation_->connection,
                    "SELECT l.names FROM feature f JOIN feature_list l ON l.hash = f.hash WHERE f.market = ? "
                    "ORDER BY f.open_time DESC LIMIT 1");
    names.bind(stored->id);
    return first_value(names, [](const Statement& row) { return split_names(row.text(0)); }).value_or(std::vector<std::string>{});
  });
}

Result<ViewRows> ViewReader::equity(const SeriesFilter& filter, const std::string& strategy) {
  const Result<Place> place = check(filter);
  if (!place) return std::unexpected(place.error());
  return implementation_->reading([&] {
    const ViewQuery& query = query_of(View::equity);
    const auto width = static_cast<int>(query.columns.size());
    ViewRows rows = empty_rows(query.columns);
    // A point is stamped with the end of its candle: the one at the end of a step belongs to it.
    Stretch left(filter, *place);
    Statement newest(implementation_->connection,
                     "SELECT " + columns_of(query) +
                         " FROM strategy s CROSS JOIN market m CROSS JOIN equity_point e ON e.strategy = s.id AND e.market = m.id "
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
        append_cells(rows, newest, query.columns);
        ++given;
        left.end = floor_to(Timestamp{newest.integer(width) - 1}, filter.step).ns;
      }
    }
    return rows;
  });
}

}  // namespace candled::store
