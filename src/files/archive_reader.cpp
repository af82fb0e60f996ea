#include "files/archive_reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace candled::files {
namespace {

constexpr std::size_t block_bytes = 128 * 1024;
constexpr std::int64_t members_max = 100'000;
// Text packs 5 to 50 times smaller; a bomb a thousand times. Small files may do what they like.
constexpr std::int64_t ratio_max = 300, free_bytes = 64 * 1024 * 1024;

std::string without_suffix(std::string name) {
  for (const std::string_view suffix : {".gz", ".zst"}) {
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  }
  return name;
}

}  // namespace

void ArchiveReader::Close::operator()(::archive* handle) const { archive_read_free(handle); }

Result<ArchiveReader> ArchiveReader::open(const std::filesystem::path& path) {
  std::unique_ptr<::archive, Close> handle(archive_read_new());
  if (!handle) return fatal("out of memory");
  // Only what is asked for: each further format is more code that hostile bytes can reach.
  archive_read_support_filter_gzip(handle.get());
  archive_read_support_filter_zstd(handle.get());
  archive_read_support_format_zip(handle.get());
  archive_read_support_format_tar(handle.get());
  archive_read_support_format_empty(handle.get());
  archive_read_support_format_raw(handle.get());
  const bool is_input = path == "-";
  std::error_code ignored;
  if (!is_input && !std::filesystem::is_regular_file(path, ignored) && !std::filesystem::is_fifo(path, ignored)) {
    return refuse(fmt::format("{}: no such file", path.string()));
  }
  const int code = is_input ? archive_read_open_fd(handle.get(), 0, block_bytes)
                            : archive_read_open_filename(handle.get(), path.c_str(), block_bytes);
  ArchiveReader reader(is_input ? "standard input" : path.string(), std::move(handle));
  if (code != ARCHIVE_OK) return reader.refused();
  return reader;
}

std::unexpected<Error> ArchiveReader::refused() const {
  const char* said = archive_error_string(handle_.get());
  const std::string reason = said != nullptr ? said : "cannot be read";
  if (reason.find("assphrase") != std::string::npos || reason.find("ncrypt") != std::string::npos) {
    return refuse(fmt::format("{}: is locked by a password: unpack it first", name_));
  }
  return refuse(fmt::format("{}: cannot be read to its end, so nothing of it is taken ({})", name_, reason));
}

Result<std::optional<std::string>> ArchiveReader::next_member() {
  for (;;) {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(handle_.get(), &entry);
    if (code == ARCHIVE_EOF) return std::nullopt;
    if (code < ARCHIVE_WARN) return refused();
    if (++members_ > members_max) return refuse(fmt::format("{}: more than {} members", name_, members_max));
    const int format = archive_format(handle_.get());
    several_ = format != ARCHIVE_FORMAT_RAW && format != ARCHIVE_FORMAT_EMPTY;
    if (!several_) return std::filesystem::path(without_suffix(name_)).filename().string();
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    if (archive_entry_is_encrypted(entry) != 0)
      return refuse(fmt::format("{}: is locked by a password: unpack it first", name_));
    const char* name = archive_entry_pathname(entry);
    return std::string(name != nullptr ? name : "member");
  }
}

Result<std::size_t> ArchiveReader::read(char* to, std::size_t capacity) {
  const la_ssize_t count = archive_read_data(handle_.get(), to, capacity);
  if (count < 0) return refused();
  unpacked_bytes_ += count;
  if (unpacked_bytes_ > free_bytes && unpacked_bytes_ / ratio_max > consumed_bytes()) {
    return refuse(fmt::format("{}: unpacks to more than {} times its size; that is no honest file", name_, ratio_max));
  }
  return static_cast<std::size_t>(count);
}

std::int64_t ArchiveReader::consumed_bytes() const { return archive_filter_bytes(handle_.get(), -1); }

}  // namespace candled::files
