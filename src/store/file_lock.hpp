// FileLock: one candled at a time writes a file, under whatever name. The locks are advisory and go with the process: one on
// `<path>.lock` beside the file itself, which also tells who holds it, and one on the file, which no second name and no removed
// lock file gets around.
//
// Closing any descriptor of a file drops all of SQLite's own locks on it in the process. So a FileLock is made before the first
// connection to its file is opened and destroyed after the last one is closed, and nothing else here opens the file past SQLite.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace candled::store {

// An open file; closes it. -1: none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

class FileLock {
 public:
  // Makes the file where there is none. Throws StoreError: another process holds it, it has several names (hard links: each would have a
  // log of its own, and lose what the others committed), or the folder cannot be written.
  explicit FileLock(const std::filesystem::path& database);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // The database turned out not to be ours: leaves nothing beside it, unless the lock file stood there before.
  void withdraw();

  // "in use by another candled (pid 17)"; empty while nobody holds the lock. Leaves the file itself alone.
  static std::string held_by(const std::filesystem::path& database);
  // The process that holds the lock, as it noted itself.
  static std::optional<std::int64_t> holder_id(const std::filesystem::path& database);

 private:
  const std::string path_;  // of the lock file
  bool made_ = false;       // the lock file was not there before
  const Descriptor lock_file_, file_;
};

}  // namespace candled::store
