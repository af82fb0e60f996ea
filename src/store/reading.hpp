// Reading: how every reader opens the file, and how what SQLite refuses leaves this room.
#pragma once

#include <filesystem>

#include "candled/store/journal_writer.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// Read-only; throws SqliteError for what is no file of ours, or of a newer schema.
inline Connection open_for_reading(const std::filesystem::path& path) {
  Connection connection(path, Access::read_only);
  prepare_reading(connection);
  return connection;
}

// One moment of the file for all that follows.
inline Connection open_snapshot(const std::filesystem::path& path) {
  Connection connection = open_for_reading(path);
  connection.execute("BEGIN");
  return connection;
}

// The public face throws StoreError.
template <class Work>
auto reading(Work work) {
  try {
    return work();
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

}  // namespace candled::store
