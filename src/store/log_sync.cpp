#include "store/log_sync.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "candled/domain/time.hpp"
#include "store/file_lock.hpp"

namespace candled::store {
namespace {

// Half of the second that may be lost: the sync itself takes time.
constexpr Duration owed_max = Duration::milliseconds(500);

// The log as this connection has it open, once it has read something.
sqlite3_file* log_of(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
  return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

// The name of a new log is in its folder.
void sync_folder(const std::filesystem::path& database) {
  const Descriptor folder(
      ::open(std::filesystem::absolute(database).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() >= 0) (void)::fsync(folder.number());
}

// A connection that has read something has its log open.
Connection reading_connection(const std::filesystem::path& database) {
  Connection connection(database, Access::read_only);
  connection.query_integer("PRAGMA schema_version");
  sync_folder(database);
  return connection;
}

}  // namespace

LogSync::LogSync(const std::filesystem::path& database)
    : connection_(reading_connection(database)), work_("sync", owed_max, [this] { return sync(); }) {}

bool LogSync::sync() {
  sqlite3_file* const log = log_of(connection_.handle());
  const int code = log == nullptr ? SQLITE_OK : log->pMethods->xSync(log, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
  if (code == SQLITE_OK) return true;
  why_ = fmt::format(
      "database {}: the disk gives errors (its write-ahead log cannot be brought to it): see dmesg; the file itself "
      "may "
      "be whole: copy it, with FILE-wal, before you try to mend it",
      connection_.path());
  failed_.raise();
  return false;
}

}  // namespace candled::store
