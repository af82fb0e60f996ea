// ReadOnlyCopy: how a file is opened that this process may read only, such as a copy in a folder of somebody else.
//
// SQLite reads a file with a write-ahead log through an index beside it, which it makes where there is none. Where it may make nothing,
// a file without a log is read as one that nobody changes; one with a log cannot be read there.
#pragma once

#include <filesystem>
#include <string>

namespace candled::store {

// What to open to read the file: its path, or (`is_uri`) a URI that says that nothing will change it.
struct ReadingName {
  std::string name;
  bool is_uri = false;
};
ReadingName reading_name(const std::filesystem::path& database);

// What to do where SQLite cannot open a file that is there; empty: it is not for a log that may not be read there.
std::string why_log_is_unreadable(const std::filesystem::path& database);

}  // namespace candled::store
