// Caretaker: keeps the file small while the journal runs, on the journal's thread and in its pauses: prunes what [storage] lets go, cuts
// the write-ahead log, and notices when the file is gone from its path.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "candled/engine/settings.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/housekeeper.hpp"
#include "candled/store/reader.hpp"

namespace candled::engine {

class Caretaker {
 public:
  // All are lent; the reader belongs to the journal's thread.
  Caretaker(const EngineSettings& settings, const store::Reader& reader, flow::Log& log);

  // One short piece of work, a few milliseconds at most, if one is due. True when there is more that need not wait. pausing: nothing
  // waits for the journal.
  bool work(bool pausing);
  // The path holds another file, or none: what is written is lost.
  bool file_is_lost() const { return lost_; }

  // All that is due at once: for a file that no conveyor writes. Returns the rows that went.
  Result<std::int64_t> prune_everything();

 private:
  struct Task {
    std::size_t market;
    bool trades;  // else feature rows
    Timestamp before;
    std::int64_t rows = 0;  // gone so far
  };

  void plan();
  void tend_log(Duration now, bool pausing);
  Result<std::int64_t> prune_slice(Task& task);
  void finished(const Task& task);

  const EngineSettings& settings_;
  const store::Reader& reader_;
  flow::Log& log_;
  store::Housekeeper housekeeper_;
  std::vector<Task> tasks_;
  Duration looked_at_, planned_at_, sliced_at_, warned_at_;  // monotonic
  std::vector<Timestamp> held_told_;                         // by market: what pruning last waited for
  bool lost_ = false;
};

}  // namespace candled::engine
