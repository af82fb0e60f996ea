#include "store/migrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "candled/domain/time.hpp"
#include "candled/flow/clock.hpp"
#include "store/rewrite.hpp"
#include "store/views.hpp"

namespace candled::store {
namespace {

constexpr std::int64_t megabyte = 1'000'000;
constexpr std::int64_t log_bytes_max = 64 * megabyte;  // what the write-ahead log may take while slices are moved
constexpr std::int64_t row_bytes = 256;                // about, of a row there
constexpr std::int64_t step_bytes_max = megabyte;      // of a step that moves nothing
constexpr std::int64_t rows_per_second = 50'000;       // about, for the estimate
constexpr std::int64_t rows_per_slice = 5'000;
constexpr Duration told_every = Duration::seconds(3);

std::string megabytes(std::int64_t bytes) { return fmt::format("{} MB", (bytes + megabyte - 1) / megabyte); }

// What a step takes of the disk, and how much there is to move.
struct Cost {
  std::int64_t rows = 0, bytes = step_bytes_max;
};

Cost cost_of(Connection& connection, const Migration& step) {
  Cost cost;
  for (const TableRewrite& rewrite : step.rewrites) {
    const std::int64_t rows = about_rows(connection, rewrite, rewrite.table);
    cost.rows += rows;
    cost.bytes += rows * rewrite.bytes_more_per_row + std::min(rows * row_bytes, log_bytes_max);
  }
  return cost;
}

void tell(flow::Log* log, const Migration& step, const Cost& cost) {
  if (log == nullptr) return;
  log->info("bringing the database up to date", {{"schema", std::to_string(step.version)},
                                                 {"what", std::string(step.what)},
                                                 {"rows", std::to_string(cost.rows)},
                                                 {"space", megabytes(cost.bytes)},
                                                 {"takes", fmt::format("about {} s", cost.rows / rows_per_second + 1)},
                                                 {"next", cost.rows > 0 ? "in the background, in slices" : "at once"}});
}

// A table whose next shape is due while rows still wait for the one before.
void finish(Connection& connection, const TableRewrite& next, std::span<const Migration> taken, flow::Log* log) {
  for (Rewrite& rewrite : rewrites_under_way(connection, taken)) {
    if (rewrite.table() != next.table) continue;
    std::int64_t moved = 0;
    Duration told = flow::monotonic_now();
    while (const std::int64_t rows = rewrite.step(rows_per_slice)) {
      moved += rows;
      if (log == nullptr || flow::monotonic_now() - told < told_every) continue;
      told = flow::monotonic_now();
      log->info("table being brought up to date", {{"table", std::string(rewrite.table())},
                                                   {"rows", fmt::format("{} of about {}", moved, rewrite.rows())}});
    }
  }
  end_rewrites(connection);
}

void take(Connection& connection, const Migration& step) {
  Transaction transaction(connection);
  drop_views(connection);
  step.apply(connection);
  for (const TableRewrite& rewrite : step.rewrites) begin_rewrite(connection, rewrite, step.version);
  connection.execute(fmt::format("PRAGMA user_version = {}", step.version).c_str());
  transaction.commit();
}

}  // namespace

int schema_version(std::span<const Migration> steps) { return steps.back().version; }

void migrate(Connection& connection, std::span<const Migration> steps, std::int64_t free_bytes, flow::Log* log) {
  // Renaming a table must not rename it in triggers and in views of other people.
  connection.execute("PRAGMA legacy_alter_table = ON");
  end_rewrites(connection);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Migration& step = steps[i];
    const std::int64_t version = connection.query_integer("PRAGMA user_version");
    if (version >= step.version) continue;
    const Cost cost = cost_of(connection, step);
    tell(log, step, cost);
    if (cost.bytes > free_bytes) {
      throw SqliteError(
          SQLITE_FULL,
          fmt::format(
              "database {} must be brought up to date (schema {} to {}): that takes {} of its disk, {} are free",
              connection.path(), version, step.version, megabytes(cost.bytes), megabytes(free_bytes)));
    }
    for (const TableRewrite& rewrite : step.rewrites) finish(connection, rewrite, steps.first(i), log);
    take(connection, step);
  }
}

}  // namespace candled::store
