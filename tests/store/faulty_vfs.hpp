// FaultyVfs: SQLite's file system in tests. It fails the n-th read, write or sync, or all from it on; and it knows what a loss of power
// would leave: what was synced, and of what was not any part, in pieces of a sector.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace candled::tests {

class FaultyVfs {
 public:
  enum class Fault : std::uint8_t { none, read_error, write_error, sync_error, no_room };

  // The default file system of SQLite while it lives; one at a time.
  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  // The n-th call of the kind from now on (1: the next) fails; lasting: and all after it. Any thread.
  void fail(Fault fault, int nth, bool lasting);
  void heal() { fail(Fault::none, 0, false); }
  // No call fails while the work runs, and none is counted.
  template <class Work>
  auto unharmed(Work work) {
    pause(true);
    auto value = work();
    pause(false);
    return value;
  }
  // It happened since fail().
  bool failed() const;

  // What a machine would find after the loss of power, in that folder.
  void lose_power_into(const std::filesystem::path& folder, std::mt19937_64& random);

  // The calls of SQLite, before the real file system's.
  int reading() { return call(Fault::read_error, SQLITE_IOERR_READ); }
  int writing(const std::string& file, const char* bytes, int count, sqlite3_int64 offset);
  int truncating(const std::string& file, sqlite3_int64 size);
  int syncing(const std::string& file);
  void deleted(const std::string& file);
  sqlite3_vfs* real() const { return real_; }

 private:
  struct Change {
    bool truncates = false;
    std::size_t offset = 0;  // or the new size
    std::string bytes;
  };
  struct Disk {
    std::string kept;  // on the disk, whatever happens
    std::vector<Change> changes;
  };
  static void apply(std::string& content, const Change& change);
  int call(Fault kind, int code);
  void pause(bool paused);

  sqlite3_vfs* const real_;
  sqlite3_vfs own_{};
  mutable std::mutex mutex_;
  std::map<std::string, Disk> disks_;  // by path
  Fault fault_ = Fault::none;
  int calls_left_ = 0;
  bool lasting_ = false, failed_ = false, paused_ = false;
};

}  // namespace candled::tests
