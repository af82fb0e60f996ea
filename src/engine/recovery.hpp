// Recovery: brings head and line to where the last commit left them, and notes the run that begins there.
//
// The stretch behind the checkpoint is replayed with the settings of the run that recorded it: a strategy that is gone, or another
// latency, must not change what has happened. Then today's settings take over. Memory does not grow with the stretch.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/model_swap.hpp"
#include "candled/engine/load_model.hpp"
#include "candled/engine/past_runs.hpp"
#include "candled/engine/replay_watch.hpp"
#include "candled/engine/settings.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/checkpoint_reader.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
#include "engine/head.hpp"
#include "engine/market_line.hpp"

namespace candled::engine {

class Recovery {
 public:
  struct Dependencies {
    const EngineSettings& settings;
    const store::Reader& reader;
    store::JournalWriter& writer;
    flow::Log& log;
    Head& head;
    MarketLine& line;
    std::function<void()> drain;  // until nothing moves between head and journal; what arrives there is dropped
  };
  Recovery(const Dependencies& dependencies, const LoadModel& load_model, const PastRuns& past,
           const ReplayWatch& watch)
      : dependencies_(dependencies),
        load_model_(load_model),
        past_(past),
        watch_(watch),
        stored_(dependencies.settings.database, dependencies.settings.markets) {}

  // Returns how many events were replayed. An error names the state that cannot be used.
  Result<std::int64_t> run();
  // The watch ended it: head and line are somewhere in between, and the file is as it was.
  bool stopped() const { return stopped_; }
  std::int64_t last_sequence() const { return position_.last_sequence; }

 private:
  void read();
  Result<void> replay_with_settings_of(const store::RunRecord& run);
  Result<void> load();
  void replay();
  void each_event(const MarketTable& markets, const std::vector<std::int64_t>& last_trade_ids,
                  const LoadModel& load_model, const std::function<void(Event event)>& visit);
  Result<void> check_accounts();
  Result<void> note_run();
  bool settings_changed() const;

  const Dependencies dependencies_;
  const LoadModel& load_model_;
  const PastRuns& past_;
  const ReplayWatch& watch_;
  const store::CheckpointReader stored_;
  store::StreamPosition position_;
  std::optional<store::RunRecord> last_run_;
  Checkpoint checkpoint_;
  std::vector<std::int64_t> last_trade_ids_;
  bool usable_ = true;              // the checkpoint
  std::vector<std::string> reset_;  // stations whose state does not follow from what was before
  std::int64_t replayed_ = 0;
  bool stopped_ = false;
};

}  // namespace candled::engine
