// RunRecord: with which settings the conveyor ran from some place of the stream on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace candled::store {

// One start of the conveyor on this file.
struct RunRecord {
  std::int64_t sequence = 0;         // of the last head event before it
  std::string version;               // of candled
  std::string config;                // TOML of every setting that decides, without secrets
  std::vector<std::string> rebuilt;  // markets whose feature state was made anew from stored candles
};

}  // namespace candled::store
