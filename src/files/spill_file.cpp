#include <fmt/format.h>

#include <cstdlib>

#include "files/row_sorter.hpp"

namespace candled::files {

Result<void> SpillFile::open() {
  std::string name = (folder_ / ".candled-import-XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0)
    return retry(
        fmt::format("cannot keep rows beside the database, in {}: {}", folder_.string(), std::strerror(errno)));
  ::unlink(name.c_str());
  return {};
}

Result<void> SpillFile::append(const void* bytes, std::size_t count) {
  if (descriptor_ < 0) {
    if (Result<void> opened = open(); !opened) return opened;
  }
  const char* from = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written = ::write(descriptor_, from, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      return retry(
          fmt::format("cannot keep rows beside the database, in {}: {}", folder_.string(), std::strerror(errno)));
    from += written;
    count -= static_cast<std::size_t>(written);
    size_ += written;
  }
  return {};
}

Result<void> SpillFile::read(std::int64_t offset, void* bytes, std::size_t count) const {
  char* to = static_cast<char*>(bytes);
  while (count > 0) {
    const ssize_t got = ::pread(descriptor_, to, count, offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return retry(fmt::format("rows that were kept in {} cannot be read back", folder_.string()));
    to += got;
    offset += got;
    count -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace candled::files
