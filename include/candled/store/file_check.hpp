// FileCheck: is the database file whole, as SQLite sees it? Structure and size, not what the rows say. Reads only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace candled::store {

struct FileCheck {
  std::int64_t bytes = 0;           // of the file
  std::vector<std::string> faults;  // one line each, at most `faults_max`; empty: the file is whole
  bool finished = true;             // false: keep_going ended it

  static constexpr int faults_max = 10;
};

// About the share of the file that is read, 0 to 1; false ends the check. Many times a second.
using KeepChecking = std::function<bool(double part)>;

// Looks at every page of one moment of the file; a minute for some ten gigabytes. Never throws: what cannot be opened is a fault.
FileCheck check_file(const std::filesystem::path& database, const KeepChecking& keep_going);

// The last process that wrote the file did not end by itself, or another one has it open: its write-ahead log is there.
bool log_left_behind(const std::filesystem::path& database);

}  // namespace candled::store
