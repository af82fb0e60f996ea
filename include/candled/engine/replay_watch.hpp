// ReplayWatch: reports the progress of a long replay of recorded events, and can stop it. Both functions are called many times a second,
// on the thread that replays.
#pragma once

#include <cstdint>
#include <functional>

namespace candled::engine {

struct ReplayProgress {
  std::int64_t rows = 0;    // scanned for their order; no event is replayed before that is done
  std::int64_t events = 0;  // replayed
  double part_done = 0;     // of the events, 0 to 1

  // What is counted at this stage, and how many of it.
  const char* unit() const { return events == 0 ? "rows" : "events"; }
  std::int64_t count() const { return events == 0 ? rows : events; }
};

struct ReplayWatch {
  std::function<void(const ReplayProgress& progress)> tell = {};
  std::function<bool()> stop = {};  // true ends the replay
};

}  // namespace candled::engine
