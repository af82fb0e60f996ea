// Version 4: a column of exact numbers may hold a decimal text where an integer does not hold the number (store/exact.hpp), and trades without
// ids that were replaced are kept for the replay. No row changes; the number keeps an older candled, which would read such a text as 0, away
// from the file.
#include "store/migrations/migration.hpp"

namespace candled::store {
namespace {

// A record without the table has replaced none, or as the old imports did.
bool is_readable(Connection&) { return true; }

void apply(Connection& connection) {
  connection.execute(
      "CREATE TABLE IF NOT EXISTS trade_replaced (market INTEGER NOT NULL, sequence INTEGER NOT NULL, trade_id INTEGER "
      "NOT NULL, time INTEGER NOT NULL, received INTEGER NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL, "
      "side INTEGER NOT NULL, source INTEGER NOT NULL, order_type INTEGER NOT NULL, late INTEGER NOT NULL, PRIMARY KEY "
      "(market, sequence, trade_id)) WITHOUT ROWID");
}

}  // namespace

Migration to_version_4() { return {4, "numbers of any size are exact, replaced trades are kept", is_readable, apply}; }

}  // namespace candled::store
