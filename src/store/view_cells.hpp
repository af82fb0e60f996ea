// Cells: how the columns of a stored row become what the API shows.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "candled/store/view_reader.hpp"
#include "store/sqlite.hpp"
#include "store/view_definitions.hpp"

namespace candled::store {

Cell number_cell(std::string text);
// Of an expression that select_list made for the API.
Cell cell_of(const Statement& row, int column, ColumnKind kind);
// Appends the columns of one row, which stand first in it.
void append_cells(ViewRows& rows, const Statement& row, std::span<const ViewColumn> columns);
ViewRows empty_rows(std::span<const ViewColumn> columns);

// The columns that the API shows of a view.
const std::vector<ViewColumn>& api_columns(View view);

}  // namespace candled::store
