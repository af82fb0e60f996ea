// The tables of the file, and its opening as ours.
#pragma once

#include "candled/flow/log.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// Throws SqliteError with one clear line: another program's database, or one of a newer candled.
void check_ours(Connection& connection);

// For the file's only writer. Makes a new file ours; brings an older one up to date (store/migrate.hpp; `log` may be null) and its views.
// Sets WAL. Throws SqliteError: not a database, what check_ours refuses, no space.
void prepare_schema(Connection& connection, flow::Log* log);

// For every other connection; writes nothing. An older file is read as it is where this build misses nothing in it, else refused with
// the line that says what to do.
void prepare_reading(Connection& connection);

}  // namespace candled::store
