#include "candled/store/table_migration.hpp"

#include <algorithm>
#include <vector>

#include "candled/store/journal_writer.hpp"
#include "store/in_transaction.hpp"
#include "store/reading.hpp"
#include "store/rewrite.hpp"
#include "store/writing.hpp"

namespace candled::store {

void migrate_database(const std::filesystem::path& database, flow::Log& log) {
  if (!std::filesystem::exists(database)) return;
  reading([&] {
    FileLock lock(database);
    open_for_writing(database, lock, &log);
  });
}

class TableMigration::Implementation {
 public:
  explicit Implementation(const std::filesystem::path& database)
      : connection(database, Access::read_write), steps(migrations()), rewrites(rewrites_under_way(connection, steps)) {
    connection.execute("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8192");
  }

  Connection connection;
  const std::vector<Migration> steps;
  std::vector<Rewrite> rewrites;  // the last goes first
  std::int64_t rows = 0;          // moved of that one
};

TableMigration::TableMigration(const std::filesystem::path& database) {
  implementation_ = reading([&] { return std::make_unique<Implementation>(database); });
}
TableMigration::~TableMigration() = default;
TableMigration::TableMigration(TableMigration&&) noexcept = default;

Result<MigrationProgress> TableMigration::step(std::int64_t rows_max) {
  Implementation& self = *implementation_;
  if (self.rewrites.empty()) return MigrationProgress{};
  Rewrite& rewrite = self.rewrites.back();
  try {
    const std::int64_t moved = rewrite.step(rows_max);
    self.rows += moved;
    MigrationProgress progress{std::string(rewrite.table()), self.rows, std::max(rewrite.rows(), self.rows), true};
    if (moved > 0) return progress;
    self.rewrites.pop_back();
    self.rows = 0;
    progress.rows_about = progress.rows;
    progress.more = !self.rewrites.empty();
    return progress;
  } catch (const SqliteError& error) {
    return remedy_of(error);
  }
}

}  // namespace candled::store
