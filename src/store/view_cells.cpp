#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "candled/domain/fixed_point.hpp"
#include "store/view_implementation.hpp"

namespace candled::store {

Cell number_cell(std::string text) { return {Cell::Kind::number, std::move(text)}; }

Cell cell_of(const Statement& row, int column, ColumnKind kind) {
  if (row.is_null(column)) return {};
  switch (kind) {
    case ColumnKind::text: return {Cell::Kind::text, std::string(row.text(column))};
    case ColumnKind::integer: return number_cell(fmt::format("{}", row.integer(column)));
    case ColumnKind::real: {
      const double value = row.real(column);
      return std::isfinite(value) ? number_cell(fmt::format("{}", value)) : Cell{};
    }
    case ColumnKind::price: return number_cell(Price::from_units(row.integer(column)).to_text());
    case ColumnKind::amount: return number_cell(decimal_text(row.integer(column), Quantity::decimals));
    case ColumnKind::instant: return {Cell::Kind::text, to_iso8601({row.integer(column)})};
    case ColumnKind::json: return {Cell::Kind::json, std::string(row.text(column))};
  }
  invariant_failed("no such kind of column");
}

void append_cells(ViewRows& rows, const Statement& row, std::span<const ViewColumn> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    rows.cells.push_back(cell_of(row, static_cast<int>(i), columns[i].kind));
  }
}

ViewRows empty_rows(std::span<const ViewColumn> columns) {
  ViewRows rows;
  for (const ViewColumn& column : columns) rows.columns.push_back(column.name);
  return rows;
}

Result<Place> parse_place(std::string_view text) {
  if (text.empty()) return before_all;
  Place place{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < place.size(); ++i) {
    const auto parsed = std::from_chars(at, end, place[i]);
    const bool last = i + 1 == place.size();
    if (parsed.ec != std::errc() || (last ? parsed.ptr != end : parsed.ptr == end || *parsed.ptr != '.')) {
      return refuse("the cursor is not one that this server gave");
    }
    at = parsed.ptr + 1;
  }
  return place;
}

std::string place_text(const Place& place) { return fmt::format("{}", fmt::join(place, ".")); }

}  // namespace candled::store
