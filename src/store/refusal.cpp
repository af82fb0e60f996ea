#include "store/refusal.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "store/read_only_copy.hpp"

namespace candled::store {
namespace {

constexpr int kind_of(int code) { return code & 0xff; }

// With its details, where the connection knows them.
int whole_code(sqlite3* connection, int code) {
  const int extended = connection == nullptr ? code : sqlite3_extended_errcode(connection);
  return kind_of(extended) == kind_of(code) ? extended : code;
}

bool is_no_room(int code, int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG || code == SQLITE_IOERR_SHMSIZE;
}

std::string own_words(sqlite3* connection, int code) {
  return connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
}

std::string with_log(sqlite3* connection, int code) {
  const char* file = connection == nullptr ? nullptr : sqlite3_db_filename(connection, "main");
  const std::string log = file == nullptr || *file == '\0' ? "" : why_log_is_unreadable(file);
  return log.empty() ? own_words(connection, code) : log;
}

constexpr const char* no_room = "no room is left on its disk: make some there";
constexpr const char* no_memory = "there is too little memory: give the process more, or stop what else uses it";

Refusal of_disk(int code, int error) {
  if (is_no_room(code, error)) return {SQLITE_FULL, no_room};
  if (code == SQLITE_IOERR_NOMEM) return {SQLITE_NOMEM, no_memory};
  if (code == SQLITE_IOERR_SHORT_READ) {
    return {SQLITE_IOERR,
            "it, or its log (FILE-wal), was cut short while it was open: start again, which goes on from what is left; "
            "trades are fetched again"};
  }
  if (error == EROFS)
    return {SQLITE_IOERR, "its disk has become read-only, which a file system does after an error: see dmesg"};
  return {SQLITE_IOERR,
          fmt::format("the disk gives errors ({}): see dmesg; the file itself may be whole: copy it, with FILE-wal, "
                      "before you try to mend it",
                      error == 0 ? "input/output error" : std::strerror(error))};
}

}  // namespace

Refusal refusal_of(sqlite3* connection, int code) {
  const int whole = whole_code(connection, code), kind = kind_of(code);
  switch (kind) {
    case SQLITE_FULL: return {kind, no_room};
    case SQLITE_NOMEM: return {kind, no_memory};
    case SQLITE_BUSY: return {kind, "another program holds its lock: close what has the file open"};
    case SQLITE_IOERR: return of_disk(whole, connection == nullptr ? 0 : sqlite3_system_errno(connection));
    case SQLITE_READONLY:
      return {kind, whole == SQLITE_READONLY_DBMOVED
                        ? "it was deleted, moved or replaced while it was open: start again with the right file"
                        : with_log(connection, code)};
    case SQLITE_CORRUPT:
      return {kind,
              fmt::format("it is damaged ({}): stop what uses it, copy it away, and run sqlite3 FILE .recover on the "
                          "copy",
                          own_words(connection, code))};
    case SQLITE_CANTOPEN: return {kind, with_log(connection, code)};
    default: return {kind, own_words(connection, code)};
  }
}

bool passes(int code) {
  switch (code) {
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISUSE: return false;
    default: return true;
  }
}

}  // namespace candled::store
