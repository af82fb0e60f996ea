// One row of the table `fill`: the only place that knows which column holds what.
#pragma once

#include <cstdint>

#include "candled/domain/trading.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// For SELECT; fill_of reads a row that begins with them. The strategy of a Fill is left to the caller.
constexpr const char* fill_columns = "number, time, decided_on, side, quantity, price, fee, reason";
constexpr int fill_column_count = 8;

Fill fill_of(const Statement& row);

}  // namespace candled::store
