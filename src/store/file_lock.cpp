#include "store/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "candled/store/journal_writer.hpp"

namespace candled::store {
namespace {

namespace fs = std::filesystem;

constexpr int links_max = 40;

// Beside the file itself, where SQLite keeps its log too: a symbolic link is followed, also to a file that is not there yet.
std::string lock_path(fs::path database) {
  std::error_code error;
  for (int links = 0; links < links_max && fs::is_symlink(fs::symlink_status(database, error)); ++links)
    database = database.parent_path() / fs::read_symlink(database, error);
  const fs::path real = fs::weakly_canonical(fs::absolute(database, error), error);
  return (error ? database : real).string() + ".lock";
}

long noted_id(const Descriptor& lock_file) {
  char text[16] = {};
  const ssize_t size = ::pread(lock_file.number(), text, sizeof text - 1, 0);
  return size > 0 ? std::strtol(text, nullptr, 10) : 0;
}

// " (pid 17)", or nothing.
std::string holder(const Descriptor& lock_file) {
  const long pid = noted_id(lock_file);
  return pid > 0 ? fmt::format(" (pid {})", pid) : std::string();
}

bool is_held(const Descriptor& lock_file) {
  return lock_file.number() >= 0 && ::flock(lock_file.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

Descriptor reading_lock(const fs::path& database) {
  return Descriptor(::open(lock_path(database).c_str(), O_RDONLY | O_CLOEXEC));
}

[[noreturn]] void refuse_held(const fs::path& database, const std::string& who) {
  throw StoreError(fmt::format("database {} is in use by another candled{}: stop it first, or use another --db",
                               database.string(), who));
}

// Open and locked; `made`: it was not there before.
Descriptor locked_lock_file(const fs::path& database, const std::string& path, bool& made) {
  int number = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  made = number >= 0;
  if (!made && errno == EEXIST) number = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  Descriptor lock_file(number);
  if (number < 0)
    throw StoreError(fmt::format("cannot write beside database {}: {}", database.string(), std::strerror(errno)));
  if (::flock(number, LOCK_EX | LOCK_NB) != 0) refuse_held(database, holder(lock_file));
  return lock_file;
}

// What cannot be opened, or is no file, is left to SQLite to refuse.
Descriptor locked_file(const fs::path& database) {
  Descriptor file(::open(database.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644));
  struct stat status{};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return file;
  if (status.st_nlink > 1) {
    throw StoreError(fmt::format(
        "database {} has {} names (hard links), and each would have a log of its own: remove the others, or use a copy",
        database.string(), status.st_nlink));
  }
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) refuse_held(database, "");
  return file;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}
Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

FileLock::FileLock(const fs::path& database)
    : path_(lock_path(database)), lock_file_(locked_lock_file(database, path_, made_)), file_([&] {
        try {
          return locked_file(database);
        } catch (const StoreError&) {
          withdraw();
          throw;
        }
      }()) {
  const std::string pid = std::to_string(::getpid()) + "\n";
  // Only so that people can be told: the lock is what counts.
  if (::ftruncate(lock_file_.number(), 0) == 0) (void)!::pwrite(lock_file_.number(), pid.data(), pid.size(), 0);
}

std::optional<std::int64_t> FileLock::holder_id(const fs::path& database) {
  const Descriptor lock_file = reading_lock(database);
  const long pid = is_held(lock_file) ? noted_id(lock_file) : 0;
  return pid > 1 ? std::optional<std::int64_t>(pid) : std::nullopt;
}

std::string FileLock::held_by(const fs::path& database) {
  const Descriptor lock_file = reading_lock(database);
  return is_held(lock_file) ? "in use by another candled" + holder(lock_file) : std::string();
}

std::string database_user(const fs::path& database) { return FileLock::held_by(database); }

std::optional<std::int64_t> database_user_id(const fs::path& database) { return FileLock::holder_id(database); }

void FileLock::withdraw() {
  if (made_) ::unlink(path_.c_str());
}

}  // namespace candled::store
