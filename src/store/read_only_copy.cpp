#include "store/read_only_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "store/file_names.hpp"

namespace candled::store {
namespace {

namespace fs = std::filesystem;

bool may(const fs::path& path, int what) { return ::faccessat(AT_FDCWD, path.c_str(), what, AT_EACCESS) == 0; }

bool is_for_reading_only(const fs::path& file) {
  return fs::exists(file) && (!may(file, W_OK) || !may(file.parent_path(), W_OK | X_OK));
}

std::string escaped(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      text += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

ReadingName reading_name(const fs::path& database) {
  const fs::path file = real_path(database);
  if (!is_for_reading_only(file) || has_bytes(log_path(file))) return {database.string(), false};
  return {fmt::format("file:{}?immutable=1", escaped(file.string())), true};
}

std::string why_log_is_unreadable(const fs::path& database) {
  const fs::path file = real_path(database), log = log_path(file);
  if (!may(file, R_OK) || !has_bytes(log)) return "";
  if (!may(log, R_OK))
    return fmt::format("its write-ahead log {} cannot be read: {}", log.string(), std::strerror(errno));
  if (may(file.parent_path(), W_OK | X_OK)) return "";
  return fmt::format(
      "its write-ahead log {} can only be read where its folder can be written: copy both into a folder of your own "
      "and read them there",
      log.string());
}

}  // namespace candled::store
