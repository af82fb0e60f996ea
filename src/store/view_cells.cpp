#include "store/view_cells.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "candled/domain/fixed_point.hpp"
#include "store/exact.hpp"

namespace candled::store {

Cell number_cell(std::string text) { return {Cell::Kind::number, std::move(text)}; }

Cell cell_of(const Statement& row, int column, ColumnKind kind) {
  if (row.is_null(column)) return {};
  switch (kind) {
    case ColumnKind::text:
    case ColumnKind::duration:
    case ColumnKind::name: return {Cell::Kind::text, std::string(row.text(column))};
    case ColumnKind::integer: return number_cell(fmt::format("{}", row.integer(column)));
    case ColumnKind::seconds:
    case ColumnKind::real: {
      const double value = row.real(column);
      return std::isfinite(value) ? number_cell(fmt::format("{}", value)) : Cell{};
    }
    case ColumnKind::price: return number_cell(exact_text(row, column, Price::decimals));
    case ColumnKind::amount: return number_cell(exact_text(row, column, Quantity::decimals));
    case ColumnKind::instant:
    case ColumnKind::second: return {Cell::Kind::text, to_iso8601({row.integer(column)})};
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

const std::vector<ViewColumn>& api_columns(View view) {
  static const auto columns = [] {
    std::array<std::vector<ViewColumn>, view_count> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = columns_of(definition_of(static_cast<View>(i)), in_api);
    return all;
  }();
  return columns[static_cast<std::size_t>(view)];
}

}  // namespace candled::store
