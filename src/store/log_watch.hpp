// LogWatch: is the write-ahead log still the one that is being written? A log that something else cut would be copied into the database
// with holes in it, and one that was removed goes with the process. Two cheap looks for each commit.
//
// It holds a descriptor of the log's index (FILE-shm), and closing one drops SQLite's own locks on it: it goes after the last connection,
// as FileLock does.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "store/file_lock.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

class LogWatch {
 public:
  enum class State : std::uint8_t { whole, cut, removed };

  explicit LogWatch(const std::filesystem::path& database);
  // The database is open in the writer's connection, and has been read.
  void begin(Connection& writer);
  // Inside a transaction that writes: nobody else may shorten the log then.
  State look() const;
  // The condition as what SQLite would have refused; nothing to throw for State::whole.
  SqliteError error(State state) const;

 private:
  std::uint32_t frames() const;

  const std::string database_, log_, index_name_;
  std::optional<Descriptor> index_;
  std::int64_t frame_bytes_ = 0;
  ino_t number_ = 0;  // of the log's inode
};

}  // namespace candled::store
