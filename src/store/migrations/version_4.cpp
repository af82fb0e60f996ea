// Version 4: trades without ids that were replaced are kept for the replay.
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

Migration to_version_4() { return {4, "replaced trades are kept", is_readable, apply}; }

}  // namespace candled::store
