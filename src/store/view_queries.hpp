// The queries behind ViewReader: for each view its columns, and where its newest rows lie in the base tables.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "candled/store/view_reader.hpp"

namespace candled::store {

// How the stored value of a column becomes a cell.
enum class ColumnKind : std::uint8_t {
  text,
  integer,
  real,
  price,    // integer of 1e-10
  amount,   // integer of 1e-8: quantities and money
  instant,  // nanoseconds UTC
  json,
};

struct ViewColumn {
  std::string_view name;
  std::string_view expression;
  ColumnKind kind;
};

struct ViewQuery {
  std::span<const ViewColumn> columns;
  // Three integers that order the rows, descending; they stand behind the columns.
  std::string_view place;
  // From FROM on. Parameters: ?1 market or '', ?2 limit, ?3 strategy or '', ?4 and ?5 the first and last time wanted
  // (nanoseconds), ?6 ?7 ?8 the place behind which to go on.
  std::string_view source;
  bool by_time = true;  // the first number of a place is the time
};

// Trades are ordered by id and read by ViewReader::Implementation::trades; their query has only columns.
const ViewQuery& query_of(View view);
std::string columns_of(const ViewQuery& query);  // and its place
std::string sql_of(const ViewQuery& query);

}  // namespace candled::store
