// CheckpointReader: what a start needs: how far the record goes, the states of the last checkpoint, the run that left them, and the
// fills that its accounts must agree with. The events after the checkpoint come from RecordStream.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/trading.hpp"
#include "candled/store/run_record.hpp"

namespace candled::store {

struct StreamPosition {
  std::int64_t last_sequence = 0;        // of the last committed head event
  std::int64_t checkpoint_sequence = 0;  // 0: none
};

// One connection: use it from one thread at a time. Every call throws StoreError when the file cannot be read.
class CheckpointReader {
 public:
  // Markets are named by their table, as in the writer. The file must exist and be ours.
  CheckpointReader(const std::filesystem::path& path, const MarketTable& markets);
  ~CheckpointReader();

  StreamPosition position() const;
  std::vector<std::pair<std::string, std::string>> states() const;  // by station
  // The last recorded start, without its states.
  std::optional<RunRecord> last_run() const;
  // The last so many fills of an account, in the order in which they were made, numbered from 1. Memory does not grow with them.
  void each_fill(MarketId market, const std::string& strategy, std::uint32_t count,
                 const std::function<void(const Fill&)>& visit) const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
