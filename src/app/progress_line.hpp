// ProgressLine: long work on a terminal as one line that is rewritten; elsewhere a log line every few seconds.
#pragma once

#include <cstdint>
#include <string>

#include "candled/domain/time.hpp"
#include "candled/flow/log.hpp"
#include "candled/ingest/history.hpp"

namespace candled::app {

class ProgressLine {
 public:
  ProgressLine(std::string what, flow::Log& log);
  void show(const ingest::HistoryProgress& progress);
  // So many of what, by now, and which part of all that is.
  void show(const std::string& unit, std::int64_t count, double part_done);
  // Ends the terminal's line.
  void finish();

 private:
  const std::string what_;
  flow::Log& log_;
  const bool on_terminal_;
  bool drawn_ = false;
  Duration last_shown_;
  Duration started_;
};

}  // namespace candled::app
