#include "store/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "candled/store/journal_writer.hpp"

namespace candled::store {

FileLock::FileLock(const std::filesystem::path& database) : path_(database.string() + ".lock") {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  made_ = descriptor_ >= 0;
  if (!made_ && errno == EEXIST) descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor_ < 0) throw StoreError(fmt::format("cannot write beside database {}: {}", database.string(), std::strerror(errno)));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw StoreError(fmt::format("database {} is in use by another candled: stop it first, or use another --db", database.string()));
  }
}

FileLock::~FileLock() { ::close(descriptor_); }

void FileLock::withdraw() {
  if (made_) ::unlink(path_.c_str());
}

}  // namespace candled::store
