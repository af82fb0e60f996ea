#include "store/sqlite.hpp"

#include <fmt/format.h>

#include "candled/store/set_up.hpp"
#include "store/file_names.hpp"
#include "store/read_only_copy.hpp"
#include "store/refusal.hpp"

namespace candled::store {
namespace {

// "database FILE": what an error is about.
std::string name_of(sqlite3* connection) {
  const char* file = connection == nullptr ? nullptr : sqlite3_db_filename(connection, "main");
  return file == nullptr || *file == '\0' ? "database" : fmt::format("database {}", file);
}

[[noreturn]] void fail(sqlite3* connection, int code, std::string_view doing) {
  const Refusal refusal = refusal_of(connection, code);
  throw SqliteError(refusal.code, fmt::format("{}: {}", doing, refusal.why));
}

}  // namespace

void set_up_for_threads() { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

Connection::Connection(const std::filesystem::path& path, Access access) : path_(path.string()) {
  if (const std::string why = why_not_new(path); !why.empty()) throw SqliteError(SQLITE_NOTADB, why);
  const bool writes = access == Access::read_write;
  const ReadingName name = writes ? ReadingName{path_} : reading_name(path);
  const int mode = writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(name.name.c_str(), &raw,
                                   mode | SQLITE_OPEN_NOMUTEX | (name.is_uri ? SQLITE_OPEN_URI : 0), nullptr);
  handle_.reset(raw);
  if (code != SQLITE_OK) fail(raw, code, "cannot open database " + path_);
  sqlite3_busy_timeout(raw, 5'000);
}

void Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(handle_.get(), code, "database " + path_);
}

std::int64_t Connection::query_integer(const char* sql) {
  Statement statement(*this, sql);
  if (!statement.next()) return 0;
  const std::int64_t value = statement.integer(0);
  while (statement.next()) {
  }
  return value;
}

Statement::Statement(const Connection& connection, std::string_view sql) : connection_(connection.handle()) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &raw, nullptr);
  handle_.reset(raw);
  if (code != SQLITE_OK) fail(connection_, code, "database " + connection.path());
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) fail(connection_, code, name_of(connection_));
}

void Statement::bind_one(int position, const std::string& text) { bind_one(position, std::string_view(text)); }

void Statement::bind_one(int position, std::string_view text) {
  check(sqlite3_bind_text64(handle_.get(), position, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_one(int position, Blob blob) {
  check(sqlite3_bind_blob64(handle_.get(), position, blob.bytes.data(), blob.bytes.size(), SQLITE_TRANSIENT));
}

void Statement::run() {
  const int code = sqlite3_step(handle_.get());
  const int reset_code = sqlite3_reset(handle_.get());
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    fail(connection_, reset_code != SQLITE_OK ? reset_code : code, name_of(connection_));
}

bool Statement::next() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_.get());
  if (code != SQLITE_DONE) fail(connection_, code, name_of(connection_));
  return false;
}

std::string_view Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(static_cast<const void*>(sqlite3_column_text(handle_.get(), column)));
  return bytes == nullptr
             ? std::string_view{}
             : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)));
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  return bytes == nullptr
             ? std::string_view{}
             : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)));
}

}  // namespace candled::store
