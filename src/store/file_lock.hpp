// FileLock: one candled at a time writes a file. The lock is advisory, on `<path>.lock`, and goes with the process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace candled::store {

class FileLock {
 public:
  // Throws StoreError: another process holds it, or the folder cannot be written.
  explicit FileLock(const std::filesystem::path& database);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // The database turned out not to be ours: leaves nothing beside it, unless the lock file stood there before.
  void withdraw();

  // "in use by another candled (pid 17)"; empty while nobody holds the lock.
  static std::string held_by(const std::filesystem::path& database);
  // The process that holds the lock, as it noted itself.
  static std::optional<std::int64_t> holder_id(const std::filesystem::path& database);

 private:
  static std::string holder(int descriptor);  // " (pid 17)", or nothing
  static long noted_id(int descriptor);       // 0: none

  const std::string path_;
  int descriptor_;
  bool made_ = false;
};

}  // namespace candled::store
