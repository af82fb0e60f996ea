// Writing: how the file's only writer opens it.
#pragma once

#include <filesystem>

#include "store/file_lock.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// Makes the file ours and up to date (store/schema.hpp). Throws SqliteError; then the lock leaves nothing beside a file that is not ours.
inline Connection open_for_writing(const std::filesystem::path& path, FileLock& lock, flow::Log* log) {
  try {
    Connection connection(path, Access::read_write);
    prepare_schema(connection, log);
    return connection;
  } catch (const SqliteError&) {
    lock.withdraw();
    throw;
  }
}

}  // namespace candled::store
