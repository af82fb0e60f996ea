#include "candled/store/view_reader.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "candled/store/journal_writer.hpp"
#include "store/schema.hpp"
#include "store/view_implementation.hpp"

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

std::optional<Timestamp> last_write(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Timestamp{status.st_mtim.tv_sec * Duration::seconds(1).ns + status.st_mtim.tv_nsec};
}

}  // namespace

ViewReader::Implementation::Implementation(const std::filesystem::path& path, std::function<bool()> go_on)
    : keep_going(std::move(go_on)), connection(open_for_reading(path)) {
  sqlite3_progress_handler(connection.handle(), steps_between_questions, &is_over, &keep_going);
}

std::optional<std::int64_t> ViewReader::Implementation::integer(const char* sql, std::int64_t market) {
  Statement statement(connection, sql);
  statement.bind(market);
  return first_value(statement, [](const Statement& row) { return row.integer(0); });
}

std::optional<Timestamp> ViewReader::Implementation::time(const char* sql, std::int64_t market) {
  const std::optional<std::int64_t> ns = integer(sql, market);
  return ns ? std::optional(Timestamp{*ns}) : std::nullopt;
}

std::optional<std::string> ViewReader::Implementation::text(const char* sql) {
  Statement statement(connection, sql);
  return first_value(statement, [](const Statement& row) { return std::string(row.text(0)); });
}

std::vector<ViewReader::Implementation::StoredMarket> ViewReader::Implementation::markets() {
  std::vector<StoredMarket> all;
  Statement rows(connection, "SELECT id, name, interval_ns FROM market ORDER BY id");
  while (rows.next()) all.push_back({rows.integer(0), std::string(rows.text(1)), Duration{rows.integer(2)}});
  return all;
}

std::optional<ViewReader::Implementation::StoredMarket> ViewReader::Implementation::market(const std::string& name) {
  for (StoredMarket& one : markets()) {
    if (one.name == name) return std::move(one);
  }
  return std::nullopt;
}

MarketSummary ViewReader::Implementation::summary_of(std::int64_t market, std::string name, Duration interval) {
  MarketSummary summary;
  summary.market = std::move(name);
  summary.interval = interval;
  // Ids below zero were made for files that have none.
  summary.first_trade_id =
      integer("SELECT trade_id FROM trade WHERE market = ? AND trade_id > 0 ORDER BY trade_id LIMIT 1", market);
  summary.last_trade_id = integer("SELECT trade_id FROM trade WHERE market = ? AND trade_id > 0 ORDER BY trade_id DESC LIMIT 1", market);
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
  const Result<Place> place = parse_place(filter.cursor);
  if (!place) return std::unexpected(place.error());
  if (view == View::trades) return implementation_->reading([&] { return implementation_->trades(filter, *place); });
  return implementation_->reading([&] {
    const ViewQuery& query = query_of(view);
    const auto width = static_cast<int>(query.columns.size());
    const std::int64_t first = filter.from ? filter.from->ns : std::numeric_limits<std::int64_t>::min();
    const std::int64_t to = filter.to ? filter.to->ns - 1 : place_max;
    const std::int64_t last = query.by_time ? std::min(to, (*place)[0]) : to;
    ViewRows rows = empty_rows(query.columns);
    Statement statement(implementation_->connection, sql_of(query));
    statement.bind(filter.market, filter.limit + 1, filter.strategy, first, last, (*place)[0], (*place)[1], (*place)[2]);
    std::int64_t count = 0;
    Place at{};
    while (statement.next()) {
      if (++count > filter.limit) {
        rows.next = place_text(at);
        continue;
      }
      append_cells(rows, statement, query.columns);
      at = {statement.integer(width), statement.integer(width + 1), statement.integer(width + 2)};
    }
    return rows;
  });
}

Result<JournalSummary> ViewReader::summary() {
  return implementation_->reading([&] {
    JournalSummary summary;
    for (const auto& market : implementation_->markets()) {
      summary.markets.push_back(implementation_->summary_of(market.id, market.name, market.interval));
    }
    Connection& connection = implementation_->connection;
    Statement champion(connection,
                       "SELECT a.model, o.created FROM model_alias a LEFT JOIN model o ON o.name = a.model WHERE a.alias = 'champion'");
    while (champion.next()) {
      summary.champion = std::string(champion.text(0));
      if (!champion.is_null(1)) summary.champion_created = Timestamp{champion.integer(1)};
    }
    summary.models = connection.query_integer("SELECT count(*) FROM model");
    summary.paused = connection.query_integer("SELECT coalesce((SELECT paused FROM pause ORDER BY sequence DESC LIMIT 1), 0)") != 0;
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

ViewReader::FileSizes ViewReader::file_sizes() const {
  const auto size = [](const std::string& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_size) : 0;
  };
  const std::string& path = implementation_->connection.path();
  return {size(path), size(path + "-wal")};
}

}  // namespace candled::store
