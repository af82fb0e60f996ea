// The tables, the views, and the opening of a file as ours.
#pragma once

#include "store/sqlite.hpp"

namespace candled::store {

// Makes a new file ours, or checks that an existing one is ours and of a version we know; migrates older ones. Sets WAL.
// Throws SqliteError with one clear line: not a database, another program's database, written by a newer candled.
void prepare_schema(Connection& connection);

// For read-only connections: the same checks, nothing written; an older version is refused.
void check_readable(Connection& connection);

}  // namespace candled::store
