// One row of the table `book_fact`: the only place that knows which column holds what.
#pragma once

#include <cstdint>

#include "candled/domain/book_facts.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

extern const char* const book_table;  // SQL that makes it

// For SELECT; book_of reads a row that begins with them.
constexpr const char* book_columns =
    "open_time, updates, whole, late, spread_mean, imbalance_1_mean, imbalance_5_mean, imbalance_10_mean, levels";
constexpr int book_column_count = 9;
constexpr const char* insert_book =
    "INSERT OR IGNORE INTO main.book_fact VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

BookFacts book_of(const Statement& row);
void bind_book(Statement& statement, std::int64_t market, const BookFacts& facts, std::int64_t sequence);

}  // namespace candled::store
