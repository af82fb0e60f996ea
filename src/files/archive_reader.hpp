// ArchiveReader: the members of a file one after the other, unpacked on the way and never whole in memory.
//
// Plain files, .gz and .zst are one member; .zip and .tar (packed or not) are several. Archives come from outside: what
// unpacks to absurd sizes, holds absurdly many members, is damaged or locked by a password is refused with one line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "candled/domain/result.hpp"

struct archive;

namespace candled::files {

class ArchiveReader {
 public:
  // "-" is standard input. An error names the file.
  static Result<ArchiveReader> open(const std::filesystem::path& path);

  // The name of the next member (for a plain file its own); nullopt behind the last. Folders and links are passed over.
  Result<std::optional<std::string>> next_member();
  // Bytes of the member; 0 at its end.
  Result<std::size_t> read(char* to, std::size_t capacity);

  // True where the file holds members with names of their own.
  bool holds_several() const { return several_; }
  // Bytes of the file itself that were used so far.
  std::int64_t consumed_bytes() const;

 private:
  struct Close {
    void operator()(::archive* handle) const;
  };
  ArchiveReader(std::string name, std::unique_ptr<::archive, Close> handle)
      : name_(std::move(name)), handle_(std::move(handle)) {}
  std::unexpected<Error> refused() const;

  std::string name_;
  std::unique_ptr<::archive, Close> handle_;
  bool several_ = false;
  std::int64_t members_ = 0;
  std::int64_t unpacked_bytes_ = 0;
};

}  // namespace candled::files
