// Migration of a file of an older candled: what is done at once, and the big tables, which are rewritten slice by slice while the file
// is in use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "candled/domain/result.hpp"
#include "candled/flow/log.hpp"

namespace candled::store {

// Applies the steps that a file of an older candled needs, and logs the cost of each before it begins. A JournalWriter does
// the same without logging. A file that is not there is left alone. Throws StoreError: what JournalWriter throws; no room on the disk.
void migrate_database(const std::filesystem::path& database, flow::Log& log);

struct MigrationProgress {
  std::string table;                      // "candle"; empty: there is nothing to do
  std::int64_t rows = 0, rows_about = 0;  // done by this object, of about so many
  bool more = false;
};

// TableMigration: the big tables. Readers and writers of the file see no difference meanwhile, and a crash in between loses nothing: the
// next object goes on.
//
// A JournalWriter of this process holds the file, and writes nothing while a call runs here: both belong to one thread.
class TableMigration {
 public:
  // Throws StoreError.
  explicit TableMigration(const std::filesystem::path& database);
  ~TableMigration();
  TableMigration(TableMigration&&) noexcept;

  // One short transaction of at most so many rows. Errors as JournalWriter::write has them.
  Result<MigrationProgress> step(std::int64_t rows_max);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
