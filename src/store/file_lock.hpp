// FileLock: one candled at a time writes a file. The lock is advisory, on `<path>.lock`, and goes with the process.
#pragma once

#include <filesystem>

namespace candled::store {

class FileLock {
 public:
  // Throws StoreError: another process holds it, or the folder cannot be written.
  explicit FileLock(const std::filesystem::path& database);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace candled::store
