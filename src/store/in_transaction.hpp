// in_transaction: work done whole or not at all, and what SQLite refuses as a Result: retry (a full disk, a lock), or fatal (the file is damaged).
#pragma once

#include "candled/domain/result.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

inline std::unexpected<Error> remedy_of(const SqliteError& error) {
  const bool damaged = error.code() == SQLITE_CORRUPT || error.code() == SQLITE_NOTADB || error.code() == SQLITE_MISUSE;
  return damaged ? fatal(error.what()) : retry(error.what());
}

template <class Work>
Result<void> in_transaction(Connection& connection, Work work) {
  try {
    Transaction transaction(connection);
    work();
    transaction.commit();
    return {};
  } catch (const SqliteError& error) {
    return remedy_of(error);
  }
}

}  // namespace candled::store
