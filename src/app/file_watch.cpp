#include "app/file_watch.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "candled/flow/clock.hpp"
#include "candled/store/file_check.hpp"

namespace candled::app {
namespace {

constexpr Duration once = Duration::days(3650);  // between two looks

}  // namespace

FileWatch::FileWatch(std::filesystem::path database, engine::EngineStatistics& statistics, flow::Log& log)
    : database_(std::move(database)),
      statistics_(statistics),
      log_(log),
      was_left_(store::log_left_behind(database_)),
      checking_("file check", once, [this](const std::stop_token& stop) { check(stop); }) {}

void FileWatch::begin() {
  if (!was_left_) return;
  log_.info("the last run ended without a stop",
            {{"database", database_.string()},
             {"sequence", std::to_string(statistics_.committed_sequence.value())},
             {"accounts", "go on from their stored fills"},
             {"next", "trades are fetched again; every page of the file is looked at meanwhile"}});
  checking_.start_with_low_priority();
}

void FileWatch::check(const std::stop_token& stop) {
  const Duration started = flow::monotonic_now();
  const store::FileCheck check = store::check_file(database_, [&](double) { return !stop.stop_requested(); });
  if (!check.finished) return;
  if (check.faults.empty()) {
    log_.info("the database is whole",
              {{"megabytes", fmt::format("{:.1f}", static_cast<double>(check.bytes) / 1e6)},
               {"seconds", fmt::format("{:.1f}", static_cast<double>((flow::monotonic_now() - started).ns) / 1e9)}});
    return;
  }
  statistics_.file_damaged.set(1);
  log_.error("the database is damaged",
             {{"database", database_.string()},
              {"why", check.faults.front()},
              {"next", "stop, copy the file away with its -wal, and run sqlite3 FILE .recover on the copy"}});
}

}  // namespace candled::app
