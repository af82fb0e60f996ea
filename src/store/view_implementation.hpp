// What the files behind ViewReader share: the connection, and how rows become cells.
#pragma once

#include <array>
#include <functional>
#include <limits>
#include <map>
#include <utility>

#include "candled/store/view_reader.hpp"
#include "store/sqlite.hpp"
#include "store/view_queries.hpp"

namespace candled::store {

Cell number_cell(std::string text);
Cell cell_of(const Statement& row, int column, ColumnKind kind);
// Appends the columns of one row, which stand first in it.
void append_cells(ViewRows& rows, const Statement& row, std::span<const ViewColumn> columns);
ViewRows empty_rows(std::span<const ViewColumn> columns);

// The place of a row in the order of its view: descending by these three numbers.
using Place = std::array<std::int64_t, 3>;
constexpr std::int64_t place_max = std::numeric_limits<std::int64_t>::max();
constexpr Place before_all{place_max, place_max, place_max};
// Empty text: before all. Refuses what place_text did not write.
Result<Place> parse_place(std::string_view text);
std::string place_text(const Place& place);

// The first start of a step at or behind t.
constexpr Timestamp ceiling_to(Timestamp t, Duration step) {
  const Timestamp floor = floor_to(t, step);
  return floor == t ? t : floor + step;
}

class ViewReader::Implementation {
 public:
  Implementation(const std::filesystem::path& path, std::function<bool()> go_on);

  // Runs work and turns what SQLite refuses into a Result.
  template <class Work>
  auto reading(Work work) -> Result<decltype(work())> {
    try {
      return work();
    } catch (const SqliteError& error) {
      if (error.code() == SQLITE_INTERRUPT) return retry("the query took too long");
      const bool passing = error.code() == SQLITE_BUSY || error.code() == SQLITE_LOCKED;
      return passing ? Result<decltype(work())>(retry(error.what())) : fatal(error.what());
    }
  }

  // The first column of the first row. Statements are made per call: preparing one takes microseconds, and an unfinished
  // one would hold the file's old pages.
  std::optional<std::int64_t> integer(const char* sql, std::int64_t market);
  std::optional<Timestamp> time(const char* sql, std::int64_t market);
  std::optional<std::string> text(const char* sql);
  MarketSummary summary_of(std::int64_t market, std::string name, Duration interval);

  struct StoredMarket {
    std::int64_t id = 0;
    std::string name;
    Duration interval;
  };
  std::vector<StoredMarket> markets();  // in the order of their ids
  std::optional<StoredMarket> market(const std::string& name);

  ViewRows trades(const ViewFilter& filter, const Place& place);
  // The id of the newest trade in front of a time; ids of files (negative) and of the exchange each rise with time.
  std::int64_t last_trade_id_before(std::int64_t market, Timestamp time);

  std::function<bool()> keep_going;
  Connection connection;

  // accounts(): what was folded so far.
  struct Fold {
    AccountSummary summary;
    std::int64_t last_time = std::numeric_limits<std::int64_t>::min(), last_fill = 0;
  };
  std::map<std::pair<std::int64_t, std::int64_t>, Fold> folds;  // by strategy, market
  void fold_equity(Fold& fold, std::int64_t& rows_left);
  void fold_fills(Fold& fold, std::int64_t& rows_left);
};

template <class Read>
auto first_value(Statement& statement, Read read) -> std::optional<decltype(read(std::as_const(statement)))> {
  std::optional<decltype(read(std::as_const(statement)))> value;
  while (statement.next()) {
    if (!value && !statement.is_null(0)) value = read(std::as_const(statement));
  }
  return value;
}

}  // namespace candled::store
