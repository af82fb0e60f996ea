// ViewConnection: the read-only connection behind ViewReader, with a clock that can end a query, and the markets by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

struct StoredMarket {
  std::int64_t id = 0;
  std::string name;
  Duration interval;
};

class ViewConnection {
 public:
  // Throws SqliteError: no such file, or not ours.
  ViewConnection(const std::filesystem::path& path, std::function<bool()> keep_going);
  // Where it stands is known to SQLite.
  ViewConnection(const ViewConnection&) = delete;
  ViewConnection& operator=(const ViewConnection&) = delete;

  // Runs work and turns what SQLite refuses into a Result.
  template <class Work>
  auto reading(Work work) -> Result<decltype(work())> {
    try {
      return work();
    } catch (const SqliteError& error) {
      if (error.code() == SQLITE_INTERRUPT) return retry("the query took too long");
      const bool passing = error.code() == SQLITE_BUSY || error.code() == SQLITE_LOCKED;
      return passing ? Result<decltype(work())>(retry(error.what())) : fatal(error.what());
    }
  }

  // The first column of the first row. Statements are made per call: preparing one takes microseconds, and an unfinished
  // one would hold the file's old pages.
  std::optional<std::int64_t> integer(const char* sql, std::int64_t market);
  std::optional<Timestamp> time(const char* sql, std::int64_t market);

  std::vector<StoredMarket> markets();  // in the order of their ids
  std::optional<StoredMarket> market(const std::string& name);

  Connection& sql() { return connection_; }
  const std::string& path() const { return connection_.path(); }

 private:
  std::function<bool()> keep_going_;
  Connection connection_;
};

template <class Read>
auto first_value(Statement& statement, Read read) -> std::optional<decltype(read(std::as_const(statement)))> {
  std::optional<decltype(read(std::as_const(statement)))> value;
  while (statement.next()) {
    if (!value && !statement.is_null(0)) value = read(std::as_const(statement));
  }
  return value;
}

}  // namespace candled::store
