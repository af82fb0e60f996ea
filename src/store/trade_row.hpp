// One row of the table `trade`: the only place that knows how SELECT reads it.
#pragma once

#include "candled/domain/trade.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// For SELECT; trade_of reads a row that has them from `first` on.
constexpr const char* trade_columns =
    "trade_id, time, received, price, quantity, side, source, order_type, late, sequence";
constexpr int trade_sequence_column = 9;

Trade trade_of(const Statement& row, int first = 0);

}  // namespace candled::store
