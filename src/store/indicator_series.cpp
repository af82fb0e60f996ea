#include "store/indicator_series.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <string_view>

#include "store/list_text.hpp"
#include "store/view_place.hpp"

namespace candled::store {
namespace {

// Without the versions of their formulas.
std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names = split_list(text);
  for (std::string& name : names) name.erase(std::min(name.find('@'), name.size()));
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

IndicatorSeries read_indicators(ViewConnection& connection, const SeriesFilter& filter, const Place& after,
                                const std::vector<std::string>& names) {
  IndicatorSeries series;
  const auto market = connection.market(filter.market);
  if (!market) return series;
  Positions positions(connection.sql(), names);
  Stretch left(filter, after);
  Statement newest(connection.sql(),
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
}

std::vector<std::string> read_indicator_names(ViewConnection& connection, const std::string& market) {
  const auto stored = connection.market(market);
  if (!stored) return {};
  Statement names(connection.sql(),
                  "SELECT l.names FROM feature f JOIN feature_list l ON l.hash = f.hash WHERE f.market = ? "
                  "ORDER BY f.open_time DESC LIMIT 1");
  names.bind(stored->id);
  std::vector<std::string> found;
  while (names.next()) found = split_names(names.text(0));
  return found;
}

}  // namespace candled::store
