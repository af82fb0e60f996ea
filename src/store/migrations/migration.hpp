// Migration: one numbered step that brings a file to the next version of the schema. A step never changes once a file was made by
// it: it holds its own SQL, whatever the tables are today.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "store/sqlite.hpp"

namespace candled::store {

// What a column of the new table holds: an SQL expression over the columns of `old`, the row as it was.
struct ColumnChange {
  std::string_view column;
  std::string_view value;
};

// A table that gets another shape row by row, while the file is in use (store/rewrite.hpp). Its key stays the same.
struct TableRewrite {
  std::string_view table;
  std::string_view create;  // SQL that makes the new table, under the same name
  std::vector<ColumnChange>
      changes;            // other columns keep the value of the old one of their name; NULL where there was none
  std::string_view rows;  // SQL that says about how many rows the table {0} has, without reading them all
  std::int64_t bytes_more_per_row = 0;  // about what a row grows by
};

struct Migration {
  int version;                       // of the file after it
  std::string_view what;             // "candles hold the tape"
  bool (*is_readable)(Connection&);  // a reader of this build misses nothing in the file, though the step was not taken
  void (*apply)(
      Connection&);  // in the step's transaction, before its rewrites begin: quick, whatever the size of the file
  std::vector<TableRewrite> rewrites = {};
};

// Every step there is, in order.
std::vector<Migration> migrations();

Migration to_version_2();
Migration to_version_3();
Migration to_version_4();

}  // namespace candled::store
