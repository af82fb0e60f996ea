// RunRecord: the settings, and the states, with which the conveyor ran from some place of the stream on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace candled::store {

// The state of a station where the run begins.
struct RunState {
  std::string station;
  std::string state;
  bool reset = false;  // it does not follow from the events before: rebuilt from stored rows, or reset
};

// A start of the conveyor on this file with other settings than the run before, or with a state that was rebuilt or reset.
struct RunRecord {
  std::int64_t sequence = 0;     // of the last head event before it
  std::string version;           // of candled
  std::string config;            // TOML of every setting that decides, without secrets
  std::vector<RunState> states;  // of all stations; rebuilt and reset ones are kept with the run
};

}  // namespace candled::store
