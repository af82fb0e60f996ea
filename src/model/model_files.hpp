// Files of the registry: bounded reads that follow no link, writes that reach the disk. Errors say what, not where.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled::model {

// An open directory; files are named relative to it, so nothing that happens to the path later matters.
class Directory {
 public:
  static Result<Directory> open(const std::string& path);       // may be reached through links
  Result<Directory> open_child(const std::string& name) const;  // must be a directory itself, no link

  // A regular file, not a link, at most `bytes_max` long.
  Result<std::string> read(const std::string& name, std::size_t bytes_max) const;
  // A new file; its bytes are on disk when this returns.
  Result<void> write(const std::string& name, std::string_view bytes) const;
  Result<void> sync() const;
  int descriptor() const { return descriptor_; }

  Directory(Directory&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Directory& operator=(Directory&&) = delete;
  ~Directory();

 private:
  explicit Directory(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// "No space left on device" for the errno of the call that just failed.
std::string system_reason();

}  // namespace candled::model
