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
  // From FROM on. Parameters: ?1 market or '', ?2 limit, ?3 strategy or '' (where there is one).
  std::string_view source;

  bool has_strategy() const { return source.find("?3") != std::string_view::npos; }
};

const ViewQuery& query_of(View view);
std::string sql_of(const ViewQuery& query);

}  // namespace candled::store
