#include "store/file_names.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <system_error>

namespace candled::store {

namespace fs = std::filesystem;

fs::path real_path(const fs::path& database) {
  std::error_code error;
  const fs::path path = fs::weakly_canonical(fs::absolute(database, error), error);
  return error ? database : path;
}

fs::path log_path(const fs::path& database) { return real_path(database).string() + "-wal"; }

fs::path index_path(const fs::path& database) { return real_path(database).string() + "-shm"; }

bool has_bytes(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  return !error && bytes > 0;
}

std::string why_not_new(const fs::path& database) {
  const fs::path log = log_path(database);
  if (has_bytes(database) || !has_bytes(log)) return "";
  return fmt::format(
      "database {} is gone or empty, but its write-ahead log {} is there: something removed or emptied it; put the "
      "file back beside its log, or move the log away to begin anew",
      database.string(), log.string());
}

}  // namespace candled::store
