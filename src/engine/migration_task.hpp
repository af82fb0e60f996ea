// MigrationTask: big tables of an older file, brought up to date while nothing else waits.
#pragma once

#include <filesystem>

#include "candled/flow/log.hpp"
#include "candled/store/table_migration.hpp"
#include "engine/background_task.hpp"

namespace candled::engine {

class MigrationTask : public BackgroundTask {
 public:
  // The log is not owned. Throws StoreError.
  MigrationTask(const std::filesystem::path& database, flow::Log& log) : tables_(database), log_(log) {}
  std::string_view name() const override { return "migration"; }
  bool step(Moment moment) override;

 private:
  void tell(const store::MigrationProgress& progress);

  store::TableMigration tables_;
  flow::Log& log_;
  Duration began_, told_;  // monotonic; of the table at hand
  bool through_ = false;
};

}  // namespace candled::engine
