// LogSync: brings the write-ahead log onto the disk behind the commits, on a thread of its own, so that neither a decision nor a commit
// waits for the disk. Nothing is done, and nothing wakes, while nothing is committed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "candled/flow/counter.hpp"
#include "candled/flow/owed_work.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

class LogSync {
 public:
  // The file is open for writing in this process. Throws SqliteError. The destructor brings to the disk what is owed.
  explicit LogSync(const std::filesystem::path& database);

  // The committing thread: something was committed. On the disk within a second.
  void owe() { work_.owe(); }
  // Any thread: what was committed may not be on the disk, and never be; why. Stays.
  std::optional<std::string> failure() const { return failed_.raised() ? std::optional(why_) : std::nullopt; }

 private:
  bool sync();

  Connection connection_;
  std::string why_;  // written in front of the flag
  flow::Flag failed_;
  flow::OwedWork work_;  // the last: it uses the others
};

}  // namespace candled::store
