// The files beside a database, which SQLite keeps beside the file itself, whatever link leads to it.
#pragma once

#include <filesystem>
#include <string>

namespace candled::store {

std::filesystem::path real_path(const std::filesystem::path& database);
std::filesystem::path log_path(const std::filesystem::path& database);    // FILE-wal
std::filesystem::path index_path(const std::filesystem::path& database);  // FILE-shm

bool has_bytes(const std::filesystem::path& file);

// A file that is gone or emptied, beside its write-ahead log, is not a new one, and SQLite would delete the log: why it must not be opened.
// Else empty.
std::string why_not_new(const std::filesystem::path& database);

}  // namespace candled::store
