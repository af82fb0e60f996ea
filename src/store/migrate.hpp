// migrate: takes the steps that a file of an older candled has not taken yet.
#pragma once

#include <cstdint>
#include <span>

#include "candled/flow/log.hpp"
#include "store/migrations/migration.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// The version of the file behind all steps; that of a new file.
int schema_version(std::span<const Migration> steps);

// Takes the steps one after the other, each in one transaction: a step that is cut short has not happened. Before a step begins its
// cost is told and the free space of its disk checked. Big tables are left to Rewrite; only a table that an older step has not yet
// brought through is finished first, with its progress told. `log` may be null. Throws SqliteError: not enough space, or what SQLite refuses.
void migrate(Connection& connection, std::span<const Migration> steps, std::int64_t free_bytes, flow::Log* log);

}  // namespace candled::store
