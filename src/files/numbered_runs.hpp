// NumberedRuns: the times that trades with contiguous ids reach over.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "candled/domain/trade.hpp"
#include "candled/files/import.hpp"

namespace candled::files {

class NumberedRuns {
 public:
  // By rising ids.
  void add(const Trade& trade) {
    if (runs_.empty() || trade.id != last_id_ + 1) runs_.push_back({trade.time, trade.time});
    runs_.back().from = std::min(runs_.back().from, trade.time);
    runs_.back().to = std::max(runs_.back().to, trade.time);
    last_id_ = trade.id;
  }
  // By rising times, apart from each other: neighbours of close times and ids may have changed places.
  std::vector<NumberedRun> take() {
    std::ranges::sort(runs_, {}, &NumberedRun::from);
    std::vector<NumberedRun> apart;
    for (const NumberedRun& run : runs_) {
      if (!apart.empty() && run.from <= apart.back().to) {
        apart.back().to = std::max(apart.back().to, run.to);
      } else {
        apart.push_back(run);
      }
    }
    return apart;
  }

 private:
  std::vector<NumberedRun> runs_;
  std::int64_t last_id_ = 0;
};

}  // namespace candled::files
