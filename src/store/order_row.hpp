// One row of the table `paper_order`: the only place that knows which column holds what.
#pragma once

#include <cstdint>

#include "candled/domain/trading.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

extern const char* const order_table;  // SQL that makes it

// For SELECT; order_of reads a row that begins with them. The strategy of an OrderRecord is left to the caller.
constexpr const char* order_columns =
    "number, decided_on, active_from, ended, side, reason, limit_price, spend, quantity, filled, outcome";
constexpr int order_column_count = 11;
constexpr const char* insert_order = "INSERT OR IGNORE INTO main.paper_order VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

OrderRecord order_of(const Statement& row);
void bind_order(Statement& statement, std::int64_t strategy, std::int64_t market, const OrderRecord& order,
                std::int64_t sequence);

}  // namespace candled::store
