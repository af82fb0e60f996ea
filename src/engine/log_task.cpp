#include "engine/log_task.hpp"

#include <string>

#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr Duration look_every = Duration::seconds(1);
constexpr std::int64_t log_bytes_wanted = 32 << 20;  // in a pause a larger log is cut
constexpr std::int64_t log_bytes_busy = 256 << 20;   // under load, too
constexpr std::int64_t log_bytes_told = 1 << 30;     // a reader holds it: worth a line
constexpr Duration told_again = Duration::minutes(10);

}  // namespace

bool LogTask::step(Moment moment) {
  const Duration now = flow::monotonic_now();
  if (now - looked_at_ < look_every) return false;
  looked_at_ = now;
  const std::int64_t bytes = retention_.log_bytes();
  if (bytes < (moment == Moment::idle ? log_bytes_wanted : log_bytes_busy)) return false;
  if (retention_.empty_log() || bytes < log_bytes_told) return false;
  if (warned_at_.ns != 0 && now - warned_at_ < told_again) return false;
  warned_at_ = now;
  log_.warning("the write-ahead log cannot be cut: a reader holds it",
               {{"bytes", std::to_string(bytes)},
                {"next", "it shrinks when that query ends; look for a forgotten sqlite3 or notebook"}});
  return false;
}

}  // namespace candled::engine
