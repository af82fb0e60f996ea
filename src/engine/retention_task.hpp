// RetentionTask: deletes, a slice at a time, what [storage] keeps no longer.
#pragma once

#include <cstddef>
#include <vector>

#include "candled/engine/settings.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/retention.hpp"
#include "engine/background_task.hpp"

namespace candled::engine {

class RetentionTask : public BackgroundTask {
 public:
  // All are not owned; reader and retention belong to the journal's thread.
  RetentionTask(const EngineSettings& settings, const store::Reader& reader, store::Retention& retention,
                flow::Log& log);
  std::string_view name() const override { return "retain"; }
  bool step(Moment moment) override;

  // All that is due at once: for a file that no conveyor writes. Returns the rows that went.
  Result<std::int64_t> prune_everything();

 private:
  struct Slices {
    std::size_t market;
    bool trades;  // else feature rows
    Timestamp before;
    std::int64_t rows = 0;  // gone so far
  };

  void plan();
  Result<std::int64_t> prune_slice(Slices& slices);
  void finished(const Slices& slices);

  const EngineSettings& settings_;
  const store::Reader& reader_;
  store::Retention& retention_;
  flow::Log& log_;
  std::vector<Slices> planned_;
  Duration planned_at_, sliced_at_;   // monotonic
  std::vector<Timestamp> held_told_;  // by market: what pruning last waited for
};

}  // namespace candled::engine
