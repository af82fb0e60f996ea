// FileWatch: what the last run left the database in. Behind an end that was none of its own (a crash, the loss of power), every page is
// looked at, on a thread of the lowest priority, while the daemon already works.
#pragma once

#include <filesystem>
#include <stop_token>

#include "candled/engine/statistics.hpp"
#include "candled/flow/log.hpp"
#include "candled/flow/thread.hpp"

namespace candled::app {

class FileWatch {
 public:
  // Before anything opens the file. Statistics and log are not owned.
  FileWatch(std::filesystem::path database, engine::EngineStatistics& statistics, flow::Log& log);

  // Recovery is over: tells how the accounts go on, and begins the look. Nothing behind a clean end.
  void begin();
  void request_stop() { checking_.request_stop(); }
  // Waits for a look that is under way; it keeps the file open.
  void stop() { checking_.stop(); }

 private:
  void check(const std::stop_token& stop);

  const std::filesystem::path database_;
  engine::EngineStatistics& statistics_;
  flow::Log& log_;
  const bool was_left_;
  flow::WorkerThread checking_;
};

}  // namespace candled::app
