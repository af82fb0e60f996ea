// Rewrite: gives a big table another shape while the file is in use, in slices that survive a crash.
//
// A rewrite of T begins by renaming T to T_before_N and making the new, empty T. From then on each row lies in exactly one of the two:
// a slice moves rows in the order of the key, and an INSERT into T first moves the old row of its key, so conflict clauses see it.
// The view T_whole shows all rows in the new shape. Nothing else is kept: a rewrite that was interrupted goes on with what is left
// in T_before_N. When that is empty, the next start drops it.
//
// What connections do meanwhile: see_whole_tables() lets every SELECT on T read all rows. INSERT names its table as main.T. A DELETE
// is a Deletion. UPDATE is not possible.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/migrations/migration.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// In the caller's transaction; the views that read the table must be gone.
void begin_rewrite(Connection& connection, const TableRewrite& rewrite, int version);
// Drops what is left of rewrites that are through; in a transaction of its own.
void end_rewrites(Connection& connection);

// For this connection, T means T_whole where T is being rewritten.
void see_whole_tables(Connection& connection);
std::vector<std::string> tables_under_rewrite(const Connection& connection);
// The view that shows all rows of such a table: T_whole.
std::string whole_table(std::string_view table);
// T, and T_before_N where there is one.
std::vector<std::string> parts_of(const Connection& connection, std::string_view table);
// About how many rows such a table holds, by the step's own estimate.
std::int64_t about_rows(Connection& connection, const TableRewrite& rewrite, std::string_view table);

// Moves the rows of one rewrite that is under way. The connection is the file's only writer.
class Rewrite {
 public:
  Rewrite(Connection& connection, const TableRewrite& rewrite, int version);

  // One short transaction: moves at most so many rows. Returns how many; 0: none is left. Throws SqliteError.
  std::int64_t step(std::int64_t rows_max);
  std::string_view table() const { return table_; }
  // About how many rows there were to move when this object was made.
  std::int64_t rows() const { return rows_; }

 private:
  Connection& connection_;
  std::string table_, before_, take_, move_;
  std::int64_t rows_;
};

// Those of these steps that are under way in the file.
std::vector<Rewrite> rewrites_under_way(Connection& connection, std::span<const Migration> steps);

// DELETE FROM table WHERE ..., from every part of the table; the condition must mean the same in both shapes.
class Deletion {
 public:
  Deletion(const Connection& connection, std::string_view table, std::string_view where);

  // Binds the values, runs, and returns how many rows went.
  template <class... Values>
  std::int64_t run(const Values&... values) {
    std::int64_t rows = 0;
    for (Statement& part : parts_) {
      part.bind(values...).run();
      rows += sqlite3_changes64(connection_);
    }
    return rows;
  }

 private:
  sqlite3* connection_;
  std::vector<Statement> parts_;
};

}  // namespace candled::store
