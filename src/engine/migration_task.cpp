#include "engine/migration_task.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr std::int64_t rows_per_step = 1'000;  // some milliseconds, so events that come meanwhile hardly wait
constexpr Duration told_every = Duration::seconds(5);

}  // namespace

bool MigrationTask::step(Moment moment) {
  if (through_ || moment != Moment::idle) return false;
  const Result<store::MigrationProgress> progress = tables_.step(rows_per_step);
  const Duration now = flow::monotonic_now();
  if (!progress) {
    if (now - told_ < told_every) return false;
    told_ = now;
    log_.warning("a table cannot be brought up to date", {{"why", progress.error().message}, {"next", "trying again"}});
    return false;
  }
  through_ = !progress->more;
  if (progress->table.empty()) return false;
  tell(*progress);
  return !through_;
}

void MigrationTask::tell(const store::MigrationProgress& progress) {
  const Duration now = flow::monotonic_now();
  if (began_.ns == 0) began_ = told_ = now;
  if (through_) {
    log_.info("table is up to date", {{"table", progress.table}, {"rows", std::to_string(progress.rows)}});
  } else if (now - told_ >= told_every) {
    told_ = now;
    const double part =
        static_cast<double>(progress.rows) / static_cast<double>(std::max<std::int64_t>(progress.rows_about, 1));
    const double left_s = static_cast<double>((now - began_).ns) / 1e9 * (1 / std::max(part, 1e-6) - 1);
    log_.info("table being brought up to date", {{"table", progress.table},
                                                 {"done", fmt::format("{:.0f}%", 100 * part)},
                                                 {"left", fmt::format("about {:.0f} s", left_s)}});
  }
}

}  // namespace candled::engine
