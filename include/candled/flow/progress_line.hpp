// ProgressLine: long work on a terminal as one line that is rewritten; elsewhere a log line every few seconds.
#pragma once

#include <cstdint>
#include <string>

#include "candled/domain/time.hpp"
#include "candled/flow/log.hpp"

namespace candled::flow {

// How far a long piece of work is, by its own estimate.
struct ProgressFigures {
  std::string unit;        // of what is counted: "trades"
  std::int64_t count = 0;  // so many, by now
  double part_done = 0;    // 0 to 1
  double per_second = 0;
  Duration left;      // estimate
  Timestamp reached;  // in the time of the data
};

class ProgressLine {
 public:
  ProgressLine(std::string what, flow::Log& log);
  // `event` names the log line, in which `what` is the market.
  void show(const std::string& event, const ProgressFigures& figures);
  // The count so far, its unit, and the part of the whole.
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

}  // namespace candled::flow
