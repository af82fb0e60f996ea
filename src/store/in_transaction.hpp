// in_transaction: work done whole or not at all, and what SQLite refuses as a Result: retry (a full disk, a lock), or fatal (the file, or
// its disk, cannot be used any more).
#pragma once

#include "candled/domain/result.hpp"
#include "store/refusal.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

inline std::unexpected<Error> remedy_of(const SqliteError& error) {
  return passes(error.code()) ? retry(error.what()) : fatal(error.what());
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
