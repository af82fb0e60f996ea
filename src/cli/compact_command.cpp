// candled compact: prunes what [storage] lets go, and gives the free room in the file back to the disk.
#include <fmt/format.h>
#include <sys/statvfs.h>

#include <filesystem>

#include "candled/cli/commands.hpp"
#include "candled/config/assembly.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/engine/prune.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/signals.hpp"
#include "candled/store/retention.hpp"

namespace candled::cli {
namespace {

std::string megabytes(std::int64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); }

// The file is written again, first into a temporary copy and then through the write-ahead log.
void check_room(const std::filesystem::path& database, const store::FileSizes& sizes) {
  struct statvfs disk{};
  const std::filesystem::path folder = std::filesystem::absolute(database).parent_path();
  if (::statvfs(folder.c_str(), &disk) != 0) return;
  const auto room = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
  const std::int64_t needed = 2 * (sizes.database_bytes - sizes.free_bytes) + (16 << 20);
  if (room >= needed) return;
  throw std::runtime_error(fmt::format("compacting {} needs up to {} of free room in {}, there are {}",
                                       database.string(), megabytes(needed), folder.string(), megabytes(room)));
}

}  // namespace

int run_compact(const config::Config& config, bool as_json) {
  if (!std::filesystem::exists(config.storage.path)) {
    throw std::runtime_error(fmt::format("there is no database {}", config.storage.path.string()));
  }
  flow::Log log(config.log);
  const store::JournalWriter writer(
      config::journal_settings(config));  // its lock keeps a daemon out, or says that one runs
  const store::Reader reader(config.storage.path, config.table);
  store::Retention retention(config.storage.path, config.table);
  const store::FileSizes before = retention.sizes();
  check_room(config.storage.path, before);
  const engine::EngineSettings settings = config::engine_settings(config);
  const Result<std::int64_t> pruned = engine::prune(settings, reader, log);
  if (!pruned) throw std::runtime_error(pruned.error().message);
  const Duration started = flow::monotonic_now();
  const Result<void> done = retention.compact([] { return !flow::stop_requested(); });
  if (!done && flow::stop_requested()) {
    fmt::print(stderr, "candled: stopped; the file is as it was\n");
    return 1;
  }
  if (!done) throw std::runtime_error(done.error().message);
  const store::FileSizes after = retention.sizes();
  const double seconds = static_cast<double>((flow::monotonic_now() - started).ns) / 1e9;
  if (as_json) {
    fmt::print("{}\n", json_object([&](JsonWriter& json) {
                 json.member("bytes_before", before.database_bytes + before.log_bytes)
                     .member("bytes_after", after.database_bytes + after.log_bytes);
                 json.member("pruned_rows", *pruned).key("seconds").fixed(seconds, 1);
               }));
  } else {
    fmt::print("{}: {} before ({} of them free), {} after, {} rows pruned, {:.1f} s\n", config.storage.path.string(),
               megabytes(before.database_bytes + before.log_bytes), megabytes(before.free_bytes),
               megabytes(after.database_bytes + after.log_bytes), *pruned, seconds);
  }
  return 0;
}

}  // namespace candled::cli
