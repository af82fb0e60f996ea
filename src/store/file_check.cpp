#include "candled/store/file_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "store/file_names.hpp"
#include "store/reading.hpp"

namespace candled::store {
namespace {

constexpr int steps_between_questions = 20'000;  // of SQLite's machine: about a millisecond

// Of the file as SQLite has it open: closing a descriptor of our own would drop its locks.
std::int64_t bytes_of(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  sqlite3_int64 bytes = 0;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file != nullptr && file->pMethods != nullptr) file->pMethods->xFileSize(file, &bytes);
  return bytes;
}

class Checking {
 public:
  Checking(const std::filesystem::path& database, const KeepChecking& keep_going)
      : keep_going_(keep_going), connection_(open_snapshot(database)), pages_(count("page_count")) {}

  FileCheck run() {
    check_size();
    sqlite3_progress_handler(connection_.handle(), steps_between_questions, &is_over, this);
    // As quick_check, which SQLite also has, and whether rows are in their order: a page in the place of another shows only so.
    Statement rows(connection_, fmt::format("PRAGMA integrity_check({})", FileCheck::faults_max));
    while (rows.next()) {
      if (rows.text(0) != "ok") fault(std::string(rows.text(0)));
    }
    return std::move(check_);
  }

 private:
  std::int64_t count(const char* pragma) { return connection_.query_integer(fmt::format("PRAGMA {}", pragma).c_str()); }

  // While a log is there, pages may still be in it alone.
  void check_size() {
    check_.bytes = bytes_of(connection_.handle());
    const std::int64_t wanted = pages_ * count("page_size");
    if (check_.bytes == wanted || has_bytes(log_path(connection_.path()))) return;
    fault(fmt::format("the file has {} bytes, and its pages take {}", check_.bytes, wanted));
  }

  void fault(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    if (check_.faults.size() < FileCheck::faults_max) check_.faults.push_back(std::move(text));
  }

  // Each page is read once, and so is missing from the cache once.
  double part() {
    int misses = 0, unused = 0;
    sqlite3_db_status(connection_.handle(), SQLITE_DBSTATUS_CACHE_MISS, &misses, &unused, 0);
    return pages_ == 0 ? 0 : std::min(1.0, static_cast<double>(misses) / static_cast<double>(pages_));
  }

  static int is_over(void* checking) {
    auto* self = static_cast<Checking*>(checking);
    return self->keep_going_(self->part()) ? 0 : 1;
  }

  const KeepChecking& keep_going_;
  Connection connection_;
  const std::int64_t pages_;
  FileCheck check_;
};

}  // namespace

FileCheck check_file(const std::filesystem::path& database, const KeepChecking& keep_going) {
  try {
    return Checking(database, keep_going).run();
  } catch (const SqliteError& error) {
    FileCheck check;
    check.finished = error.code() != SQLITE_INTERRUPT;
    if (check.finished) check.faults = {error.what()};
    return check;
  }
}

bool log_left_behind(const std::filesystem::path& database) { return has_bytes(log_path(database)); }

}  // namespace candled::store
