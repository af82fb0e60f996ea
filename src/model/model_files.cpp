#include "model/model_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace candled::model {
namespace {

// Closes on every way out; release() hands the descriptor on.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

std::unexpected<Error> open_error() {
  if (errno == ELOOP) return refuse("is a symbolic link");
  if (errno == ENOTDIR) return refuse("is not a directory");
  if (errno == ENOENT) return refuse("does not exist");
  return retry(system_reason());
}

}  // namespace

std::string system_reason() { return std::generic_category().message(errno); }

Directory::~Directory() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<Directory> Directory::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return open_error();
  return Directory(descriptor);
}

Result<Directory> Directory::open_child(const std::string& name) const {
  // With O_DIRECTORY a link gives ENOTDIR, which reads wrong: ask what it is.
  struct stat status{};
  if (::fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode)) {
    return refuse("is a symbolic link");
  }
  const int descriptor = ::openat(descriptor_, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return open_error();
  return Directory(descriptor);
}

Result<std::string> Directory::read(const std::string& name, std::size_t bytes_max) const {
  // Non-blocking, so that a FIFO of that name cannot hold us.
  const Descriptor file(::openat(descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.value() < 0) return open_error();
  struct stat status{};
  if (::fstat(file.value(), &status) != 0) return retry(system_reason());
  if (!S_ISREG(status.st_mode)) return refuse("is not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > bytes_max) return refuse(fmt::format("is {} bytes long, more than the limit of {}", size, bytes_max));
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(file.value(), bytes.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return retry(system_reason());
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

Result<void> Directory::write(const std::string& name, std::string_view bytes) const {
  Descriptor file(::openat(descriptor_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (file.value() < 0) return retry(system_reason());
  while (!bytes.empty()) {
    const ssize_t put = ::write(file.value(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return retry(system_reason());
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  if (::fsync(file.value()) != 0) return retry(system_reason());
  if (::close(file.release()) != 0) return retry(system_reason());
  return {};
}

Result<void> Directory::sync() const {
  if (::fsync(descriptor_) != 0) return retry(system_reason());
  return {};
}

}  // namespace candled::model
