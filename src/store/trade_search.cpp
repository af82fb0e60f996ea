#include "store/trade_search.hpp"

#include <optional>

namespace candled::store {
namespace {

constexpr std::int64_t voters = 7;

std::optional<std::int64_t> first_integer(Statement& statement) {
  std::optional<std::int64_t> value;
  while (statement.next()) {
    if (!value) value = statement.integer(0);
  }
  return value;
}

}  // namespace

std::int64_t first_trade_id_at(const Connection& connection, std::int64_t market, Timestamp time, TradeIds ids) {
  Statement lowest(
      connection,
      "SELECT trade_id FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ? ORDER BY trade_id LIMIT 1");
  Statement highest(
      connection,
      "SELECT trade_id FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ? ORDER BY trade_id DESC LIMIT 1");
  lowest.bind(market, ids.first, ids.last);
  highest.bind(market, ids.first, ids.last);
  // Every trade before `low` is earlier than `time`; `high` is past the newest.
  std::int64_t low = first_integer(lowest).value_or(0);
  std::int64_t high = first_integer(highest).value_or(low - 1) + 1;
  // Stamps that are wrong by days must not lead the search astray: of the few trades at a place, the majority says.
  Statement at(connection,
               "SELECT trade_id, time FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ? ORDER BY "
               "trade_id LIMIT ?");
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    at.bind(market, middle, ids.last, voters);
    std::int64_t found = high, earlier = 0, asked = 0;
    while (at.next()) {
      if (asked++ == 0) found = at.integer(0);
      earlier += at.integer(1) < time.ns ? 1 : 0;
    }
    if (earlier * 2 > asked) {
      low = found + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::int64_t past_trade_id_at(const Connection& connection, std::int64_t market, Timestamp time, TradeIds ids) {
  std::int64_t past = first_trade_id_at(connection, market, time, ids);
  Statement next(connection,
                 "SELECT trade_id, time FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ? ORDER BY "
                 "trade_id LIMIT ?");
  next.bind(market, past, ids.last, voters);  // the minority that was outvoted
  while (next.next()) {
    if (next.integer(1) < time.ns) past = next.integer(0) + 1;
  }
  return past;
}

}  // namespace candled::store
