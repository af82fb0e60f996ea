#include "candled/store/view_reader.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "candled/domain/fixed_point.hpp"
#include "candled/store/journal_writer.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/view_queries.hpp"

namespace candled::store {
namespace {

// How many steps of SQLite's machine lie between two questions whether to go on: about 50 microseconds of work.
constexpr int steps_between_questions = 1'000;
// Readers of a WAL file hardly ever wait; the caller has others to serve.
constexpr int lock_wait_ms_max = 250;

Connection open_for_reading(const std::filesystem::path& path) {
  Connection connection(path, Access::read_only);
  sqlite3_busy_timeout(connection.handle(), lock_wait_ms_max);
  check_readable(connection);
  return connection;
}

int is_over(void* keep_going) { return (*static_cast<std::function<bool()>*>(keep_going))() ? 0 : 1; }

Cell number_cell(std::string text) { return {Cell::Kind::number, std::move(text)}; }

Cell cell_of(const Statement& row, int column, ColumnKind kind) {
  if (row.is_null(column)) return {};
  switch (kind) {
    case ColumnKind::text: return {Cell::Kind::text, std::string(row.text(column))};
    case ColumnKind::integer: return number_cell(fmt::format("{}", row.integer(column)));
    case ColumnKind::real: {
      const double value = row.real(column);
      return std::isfinite(value) ? number_cell(fmt::format("{}", value)) : Cell{};
    }
    case ColumnKind::price: return number_cell(Price::from_units(row.integer(column)).to_text());
    case ColumnKind::amount: return number_cell(decimal_text(row.integer(column), Quantity::decimals));
    case ColumnKind::instant: return {Cell::Kind::text, to_iso8601({row.integer(column)})};
    case ColumnKind::json: return {Cell::Kind::json, std::string(row.text(column))};
  }
  invariant_failed("no such kind of column");
}

template <class Read>
auto first_value(Statement& statement, Read read) -> std::optional<decltype(read(std::as_const(statement)))> {
  std::optional<decltype(read(std::as_const(statement)))> value;
  while (statement.next()) {
    if (!value && !statement.is_null(0)) value = read(std::as_const(statement));
  }
  return value;
}

std::optional<Timestamp> last_write(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Timestamp{status.st_mtim.tv_sec * Duration::seconds(1).ns + status.st_mtim.tv_nsec};
}

}  // namespace

class ViewReader::Implementation {
 public:
  Implementation(const std::filesystem::path& path, std::function<bool()> go_on)
      : keep_going(std::move(go_on)), connection(open_for_reading(path)) {
    sqlite3_progress_handler(connection.handle(), steps_between_questions, &is_over, &keep_going);
  }

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

  // Statements are made per call: preparing one takes microseconds, and an unfinished one would hold the file's old
  // pages.
  std::optional<std::int64_t> integer(const char* sql, std::int64_t market) {
    Statement statement(connection, sql);
    statement.bind(market);
    return first_value(statement, [](const Statement& row) { return row.integer(0); });
  }
  std::optional<Timestamp> time(const char* sql, std::int64_t market) {
    const std::optional<std::int64_t> ns = integer(sql, market);
    return ns ? std::optional(Timestamp{*ns}) : std::nullopt;
  }
  MarketSummary summary_of(std::int64_t market, std::string name, Duration interval);

  std::function<bool()> keep_going;
  Connection connection;
};

MarketSummary ViewReader::Implementation::summary_of(std::int64_t market, std::string name, Duration interval) {
  MarketSummary summary;
  summary.market = std::move(name);
  summary.interval = interval;
  summary.first_trade_id = integer("SELECT trade_id FROM trade WHERE market = ? ORDER BY trade_id LIMIT 1", market);
  summary.last_trade_id = integer("SELECT trade_id FROM trade WHERE market = ? ORDER BY trade_id DESC LIMIT 1", market);
  summary.last_trade_time = time("SELECT time FROM trade WHERE market = ? ORDER BY trade_id DESC LIMIT 1", market);
  summary.first_candle = time("SELECT open_time FROM candle WHERE market = ? ORDER BY open_time LIMIT 1", market);
  summary.last_candle = time("SELECT open_time FROM candle WHERE market = ? ORDER BY open_time DESC LIMIT 1", market);
  // Fills are numbered from 1 in each strategy, so the last numbers say how many there are.
  summary.fills =
      integer("SELECT sum((SELECT max(f.number) FROM fill f WHERE f.strategy = s.id AND f.market = ?)) FROM strategy s",
              market)
          .value_or(0);
  summary.open_gaps = integer("SELECT count(*) FROM hole WHERE market = ? AND filled IS NULL", market).value_or(0);
  return summary;
}

ViewReader::ViewReader(const std::filesystem::path& path, std::function<bool()> keep_going) {
  try {
    implementation_ = std::make_unique<Implementation>(path, std::move(keep_going));
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}
ViewReader::~ViewReader() = default;
ViewReader::ViewReader(ViewReader&&) noexcept = default;

Result<ViewRows> ViewReader::rows(View view, const ViewFilter& filter) {
  if (filter.limit < 1 || filter.limit > view_limit_max)
    return refuse(fmt::format("limit is not 1 to {}", view_limit_max));
  return implementation_->reading([&] {
    const ViewQuery& query = query_of(view);
    ViewRows rows;
    for (const ViewColumn& column : query.columns) rows.columns.push_back(column.name);
    Statement statement(implementation_->connection, sql_of(query));
    if (query.has_strategy()) {
      statement.bind(filter.market, filter.limit, filter.strategy);
    } else {
      statement.bind(filter.market, filter.limit);
    }
    while (statement.next()) {
      for (std::size_t i = 0; i < query.columns.size(); ++i) {
        rows.cells.push_back(cell_of(statement, static_cast<int>(i), query.columns[i].kind));
      }
    }
    return rows;
  });
}

Result<JournalSummary> ViewReader::summary() {
  return implementation_->reading([&] {
    JournalSummary summary;
    Connection& connection = implementation_->connection;
    Statement markets(connection, "SELECT id, name, interval_ns FROM market ORDER BY id");
    while (markets.next()) {
      summary.markets.push_back(
          implementation_->summary_of(markets.integer(0), std::string(markets.text(1)), Duration{markets.integer(2)}));
    }
    Statement champion(connection, "SELECT model FROM model_alias WHERE alias = 'champion'");
    summary.champion = first_value(champion, [](const Statement& row) { return std::string(row.text(0)); });
    summary.models = connection.query_integer("SELECT count(*) FROM model");
    return summary;
  });
}

Result<LastCommit> ViewReader::last_commit() {
  return implementation_->reading([&] {
    LastCommit last;
    Connection& connection = implementation_->connection;
    last.sequence = connection.query_integer("SELECT last_sequence FROM stream");
    last.written = std::max(last_write(connection.path()), last_write(connection.path() + "-wal"));
    return last;
  });
}

}  // namespace candled::store
