// Version 2: a candle holds the tape, and may come of a file that does not tell how many trades it had.
#include "store/migrations/migration.hpp"

namespace candled::store {
namespace {

constexpr std::string_view candle_table = R"sql(
CREATE TABLE candle (market INTEGER NOT NULL, open_time INTEGER NOT NULL, open INTEGER NOT NULL, high INTEGER NOT NULL,
  low INTEGER NOT NULL, close INTEGER NOT NULL, volume INTEGER NOT NULL, buy_volume INTEGER, trades INTEGER,
  state INTEGER NOT NULL, revision INTEGER NOT NULL, buy_trades INTEGER, up_ticks INTEGER, down_ticks INTEGER, largest INTEGER,
  turnover INTEGER, longest_pause INTEGER, closed INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (market, open_time)) WITHOUT ROWID;
)sql";

constexpr std::string_view about_rows =
    "SELECT sum(((SELECT max(open_time) FROM {0} WHERE market = m.id) - (SELECT min(open_time) FROM {0} WHERE market = "
    "m.id)) "
    "/ m.interval_ns + 1) FROM market m";

bool is_readable(Connection& connection) {
  return connection.query_integer("SELECT count(*) FROM pragma_table_info('candle') WHERE name = 'longest_pause'") > 0;
}

// The stations' states of version 1 cannot be read any more: they are rebuilt from what is recorded.
void apply(Connection& connection) {
  connection.execute("DELETE FROM checkpoint; UPDATE stream SET checkpoint_sequence = 0");
}

}  // namespace

Migration to_version_2() {
  return {2, "candles hold the tape", is_readable, apply, {{"candle", candle_table, {}, about_rows, 8}}};
}

}  // namespace candled::store
