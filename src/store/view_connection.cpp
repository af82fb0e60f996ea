#include "store/view_connection.hpp"

#include "store/schema.hpp"

namespace candled::store {
namespace {

// How many steps of SQLite's machine lie between two questions whether to go on: about 50 microseconds of work.
constexpr int steps_between_questions = 1'000;
// Readers of a WAL file hardly ever wait; the caller has others to serve.
constexpr int lock_wait_ms_max = 250;

Connection open_quickly(const std::filesystem::path& path) {
  Connection connection(path, Access::read_only);
  sqlite3_busy_timeout(connection.handle(), lock_wait_ms_max);
  prepare_reading(connection);
  return connection;
}

int is_over(void* keep_going) { return (*static_cast<std::function<bool()>*>(keep_going))() ? 0 : 1; }

}  // namespace

ViewConnection::ViewConnection(const std::filesystem::path& path, std::function<bool()> keep_going)
    : keep_going_(std::move(keep_going)), connection_(open_quickly(path)) {
  sqlite3_progress_handler(connection_.handle(), steps_between_questions, &is_over, &keep_going_);
}

std::optional<std::int64_t> ViewConnection::integer(const char* sql, std::int64_t market) {
  Statement statement(connection_, sql);
  statement.bind(market);
  return first_value(statement, [](const Statement& row) { return row.integer(0); });
}

std::optional<Timestamp> ViewConnection::time(const char* sql, std::int64_t market) {
  const std::optional<std::int64_t> ns = integer(sql, market);
  return ns ? std::optional(Timestamp{*ns}) : std::nullopt;
}

std::vector<StoredMarket> ViewConnection::markets() {
  std::vector<StoredMarket> all;
  Statement rows(connection_, "SELECT id, name, interval_ns FROM market ORDER BY id");
  while (rows.next()) all.push_back({rows.integer(0), std::string(rows.text(1)), Duration{rows.integer(2)}});
  return all;
}

std::optional<StoredMarket> ViewConnection::market(const std::string& name) {
  for (StoredMarket& one : markets()) {
    if (one.name == name) return std::move(one);
  }
  return std::nullopt;
}

}  // namespace candled::store
