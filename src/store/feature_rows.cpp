#include "store/feature_rows.hpp"

#include <algorithm>
#include <string_view>

namespace candled::store {
namespace {

std::string_view bytes_of(const std::vector<double>& row) {
  return {static_cast<const char*>(static_cast<const void*>(row.data())), row.size() * sizeof(double)};
}

}  // namespace

FeatureRows::FeatureRows(const Connection& connection)
    : connection_(connection.handle()),
      live_(connection,
            "INSERT INTO main.feature VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET hash = excluded.hash, row = "
            "excluded.row, "
            "sequence = excluded.sequence WHERE feature.sequence = 0 AND NOT EXISTS (SELECT 1 FROM prediction p WHERE "
            "p.market = ?1 AND p.open_time = ?2)"),
      replace_(connection,
               "INSERT INTO main.feature VALUES (?1,?2,?3,?4,0) ON CONFLICT DO UPDATE SET hash = excluded.hash, row = "
               "excluded.row, sequence = 0 "
               "WHERE NOT EXISTS (SELECT 1 FROM prediction p WHERE p.market = ?1 AND p.open_time = ?2 AND feature.hash "
               "= excluded.hash)"),
      refresh_(connection,
               "INSERT INTO main.feature VALUES (?1,?2,?3,?4,0) ON CONFLICT DO UPDATE SET hash = excluded.hash, row = "
               "excluded.row "
               "WHERE feature.sequence = 0 AND (feature.row <> excluded.row OR feature.hash <> excluded.hash)"),
      remove_(connection, "feature", "market = ? AND open_time = ? AND sequence = 0"),
      note_(connection,
            "INSERT INTO feature_due VALUES (?, ?) ON CONFLICT DO UPDATE SET from_time = min(from_time, "
            "excluded.from_time)"),
      forget_(connection, "DELETE FROM feature_due WHERE market = ?") {
  Statement stored(connection, "SELECT market, from_time FROM feature_due");
  while (stored.next()) due_[stored.integer(0)] = Timestamp{stored.integer(1)};
}

void FeatureRows::write_live(std::int64_t market, Timestamp open_time, const std::string& hash,
                             const std::vector<double>& row, std::int64_t sequence) {
  live_.bind(market, open_time.ns, hash, Statement::as_blob(bytes_of(row)), sequence).run();
}

std::int64_t FeatureRows::put(Statement& statement, std::int64_t market, const std::string& hash, Rows rows) {
  std::int64_t changed = 0;
  for (const auto& [open_time, row] : rows) {
    if (row.empty()) {
      changed += remove_.run(market, open_time.ns);
    } else {
      statement.bind(market, open_time.ns, hash, Statement::as_blob(bytes_of(row))).run();
      changed += sqlite3_changes(connection_);
    }
  }
  return changed;
}

std::int64_t FeatureRows::replace(std::int64_t market, const std::string& hash, Rows rows) {
  return put(replace_, market, hash, rows);
}
std::int64_t FeatureRows::refresh(std::int64_t market, const std::string& hash, Rows rows) {
  return put(refresh_, market, hash, rows);
}

// A transaction that fails leaves the note in memory only, and what it costs is a look at rows that are right.
void FeatureRows::note_due(std::int64_t market, Timestamp open_time) {
  note_.bind(market, open_time.ns).run();
  const auto [at, added] = due_.emplace(market, open_time);
  if (!added) at->second = std::min(at->second, open_time);
}

std::optional<Timestamp> FeatureRows::take_due(std::int64_t market) {
  const auto at = due_.find(market);
  if (at == due_.end()) return std::nullopt;
  const Timestamp from = at->second;
  due_.erase(at);
  return from;
}

void FeatureRows::done(std::int64_t market) {
  if (!due_.contains(market)) forget_.bind(market).run();
}

}  // namespace candled::store
