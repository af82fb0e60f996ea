// A thin shell around the SQLite C API: connections and prepared statements that clean up after themselves.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace candled::store {

// What SQLite refused; `code` is its primary result code.
class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

enum class Access { read_write, read_only };

// One connection, used by one thread at a time. Statements must not outlive it.
class Connection {
 public:
  // Throws SqliteError.
  Connection(const std::filesystem::path& path, Access access);
  sqlite3* handle() const { return handle_.get(); }
  // One or several statements without parameters.
  void execute(const char* sql);
  std::int64_t query_integer(const char* sql);
  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// A column of exact numbers (store/exact.hpp): an integer, a decimal text, or NULL where there is neither.
struct ExactCell {
  std::optional<std::int64_t> units;
  std::string text;
};

class Statement {
 public:
  Statement(const Connection& connection, std::string_view sql);

  // Binds the values to parameters 1, 2, ...
  template <class... Values>
  Statement& bind(const Values&... values) {
    int position = 0;
    (bind_one(++position, values), ...);
    return *this;
  }
  // Runs a statement that returns no row, and makes it ready for the next values.
  void run();
  // Steps to the next row; false behind the last one, when the statement is ready for new values.
  bool next();
  // Leaves rows that were not stepped to, and makes it ready for new values.
  void reset() { sqlite3_reset(handle_.get()); }

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  double real(int column) const { return sqlite3_column_double(handle_.get(), column); }
  bool is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
  bool is_blob(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_BLOB; }
  std::string_view text(int column) const;
  std::string_view blob(int column) const;

 private:
  void bind_one(int position, std::int64_t value) { check(sqlite3_bind_int64(handle_.get(), position, value)); }
  void bind_one(int position, double value) { check(sqlite3_bind_double(handle_.get(), position, value)); }
  void bind_one(int position, const std::string& text);
  void bind_one(int position, std::string_view text);
  void bind_one(int position, const char* text) { bind_one(position, std::string_view(text)); }
  void bind_one(int position, std::optional<std::int64_t> value) {
    check(value ? sqlite3_bind_int64(handle_.get(), position, *value) : sqlite3_bind_null(handle_.get(), position));
  }
  void bind_one(int position, std::optional<double> value) {
    check(value ? sqlite3_bind_double(handle_.get(), position, *value) : sqlite3_bind_null(handle_.get(), position));
  }
  void bind_one(int position, std::nullopt_t) { check(sqlite3_bind_null(handle_.get(), position)); }
  struct Blob {
    std::string_view bytes;
  };
  void bind_one(int position, Blob blob);
  void bind_one(int position, const ExactCell& cell) {
    if (cell.text.empty()) return bind_one(position, cell.units);
    bind_one(position, Blob{cell.text});
  }
  void check(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  sqlite3* connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;

 public:
  static Blob as_blob(std::string_view bytes) { return {bytes}; }
};

// Rolls back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) { connection_.execute("BEGIN IMMEDIATE"); }
  ~Transaction() {
    if (!committed_) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    connection_.execute("COMMIT");
    committed_ = true;
  }

 private:
  Connection& connection_;
  bool committed_ = false;
};

}  // namespace candled::store
