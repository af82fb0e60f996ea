// One row of the table `candle`: the only place that knows which column holds what.
#pragma once

#include <cstdint>

#include "candled/domain/candle.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// For SELECT; candle_of reads a row that begins with them.
constexpr const char* candle_columns =
    "open_time, open, high, low, close, volume, buy_volume, trades, state, revision, "
    "buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause";

// INSERT INTO candle, in the order of bind_candle; a conflict clause may follow it.
constexpr const char* candle_values =
    "(market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, "
    "buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) "
    "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)";
// Behind ON CONFLICT DO UPDATE SET: all that a revision changes.
constexpr const char* candle_update =
    "open = ?3, high = ?4, low = ?5, close = ?6, volume = ?7, buy_volume = ?8, trades = ?9, state = ?10, revision = "
    "?11, "
    "buy_trades = ?12, up_ticks = ?13, down_ticks = ?14, largest = ?15, turnover = ?16, longest_pause = ?17";

constexpr int candle_column_count = 16;

Candle candle_of(const Statement& row);

// The market's row id, the candle, when it was closed by ingest's clock, and the head event that closed it (0: none).
void bind_candle(Statement& statement, std::int64_t market, const Candle& candle, Timestamp closed,
                 std::int64_t sequence);

}  // namespace candled::store
