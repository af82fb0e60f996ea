#include "store/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "candled/store/journal_writer.hpp"

namespace candled::store {

FileLock::FileLock(const std::filesystem::path& database) : path_(database.string() + ".lock") {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  made_ = descriptor_ >= 0;
  if (!made_ && errno == EEXIST) descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor_ < 0)
    throw StoreError(fmt::format("cannot write beside database {}: {}", database.string(), std::strerror(errno)));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const std::string who = holder(descriptor_);
    ::close(descriptor_);
    throw StoreError(fmt::format("database {} is in use by another candled{}: stop it first, or use another --db",
                                 database.string(), who));
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // Only so that people can be told: the lock is what counts.
  if (::ftruncate(descriptor_, 0) == 0) (void)!::pwrite(descriptor_, pid.data(), pid.size(), 0);
}

long FileLock::noted_id(int descriptor) {
  char text[16] = {};
  const ssize_t size = ::pread(descriptor, text, sizeof text - 1, 0);
  return size > 0 ? std::strtol(text, nullptr, 10) : 0;
}

std::optional<std::int64_t> FileLock::holder_id(const std::filesystem::path& database) {
  const int descriptor = ::open((database.string() + ".lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const long pid = held ? noted_id(descriptor) : 0;
  ::close(descriptor);
  return pid > 1 ? std::optional<std::int64_t>(pid) : std::nullopt;
}

std::string FileLock::holder(int descriptor) {
  const long pid = noted_id(descriptor);
  return pid > 0 ? fmt::format(" (pid {})", pid) : std::string();
}

std::string FileLock::held_by(const std::filesystem::path& database) {
  const std::string path = database.string() + ".lock";
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return {};
  const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const std::string who = held ? "in use by another candled" + holder(descriptor) : std::string();
  ::close(descriptor);
  return who;
}

std::string database_user(const std::filesystem::path& database) { return FileLock::held_by(database); }

std::optional<std::int64_t> database_user_id(const std::filesystem::path& database) {
  return FileLock::holder_id(database);
}

FileLock::~FileLock() { ::close(descriptor_); }

void FileLock::withdraw() {
  if (made_) ::unlink(path_.c_str());
}

}  // namespace candled::store
