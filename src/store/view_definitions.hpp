// View definitions: one table of columns for each view. The SQL views, the API's queries, the exporter's columns and the rows of
// docs/tables.md come from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/store/view_reader.hpp"

namespace candled::store {

// What the expression of a column gives, and how it is shown. A view shows REAL numbers and ISO 8601 texts, the API exact decimals
// and times to the nanosecond.
enum class ColumnKind : std::uint8_t {
  text,
  integer,
  real,
  price,     // integer of 1e-10 quote currency
  amount,    // integer of 1e-8: quantities and money
  instant,   // nanoseconds UTC; in a view to the microsecond
  second,    // nanoseconds UTC; in a view without a fraction
  duration,  // nanoseconds; "1m"
  seconds,   // nanoseconds; 0.25
  name,      // the number of an enumerator, shown as its name
  json,
};

// Who shows a column: any sum of these.
enum ShownIn : std::uint8_t { in_view = 1, in_api = 2, in_csv = 4, everywhere = 7 };

struct ViewColumn {
  std::string_view name;
  std::string_view expression;  // over the view's tables
  ColumnKind kind;
  std::string_view doc = {};                     // docs/tables.md; the names of a `name` stand in front of it
  std::span<const std::string_view> names = {};  // of a `name`: by number; an empty one is NULL
  std::uint8_t shown = everywhere;
};

struct ViewDefinition {
  std::string_view name;
  std::span<const ViewColumn> columns;
  std::string_view from;      // "FROM ...": table names with a space on both sides
  std::string_view doc = {};  // docs/tables.md, behind the columns
};

constexpr std::size_t view_count = static_cast<std::size_t>(View::gaps) + 1;
const ViewDefinition& definition_of(View view);
// Every view of the file, those of `View` among them.
std::span<const ViewDefinition> view_definitions();

// The columns that are shown there, in their order.
std::vector<ViewColumn> columns_of(const ViewDefinition& view, ShownIn where);

// A SELECT's expressions for these columns, as the place where they are shown reads them: for a view what it shows, for the API and
// CSV the stored value, but names, durations and seconds in the API as a view does. With AS where they are of a view.
std::string select_list(std::span<const ViewColumn> columns, ShownIn where);

// "CREATE VIEW ..."
std::string create_view_sql(const ViewDefinition& view);

// Its row of docs/tables.md.
std::string docs_row(const ViewDefinition& view);

}  // namespace candled::store
