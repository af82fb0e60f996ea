// Conveyor: the stations in a row with their channels and threads. Live, backtest and replay are three ways to drive it.
//
//   feed ─────┐
//   control ──┼─► head ─► candles ─► features ─► inference ─► trading ─► journal ─► observers
//   requests ─┘
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "candled/engine/commit_observer.hpp"
#include "candled/engine/load_model.hpp"
#include "candled/engine/past_runs.hpp"
#include "candled/engine/replay_watch.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"

namespace candled::engine {

// The feature list of each market, as the journal records it and as a model must match it. No names: the default list.
std::vector<store::FeatureListRecord> feature_lists(const MarketTable& markets,
                                                    std::span<const std::string> names = {});

struct RecoveryReport {
  std::int64_t last_sequence = 0;
  std::int64_t replayed_events = 0;
  std::string running_model;  // empty: none
  bool stopped = false;       // by the watch: nothing was changed, and the conveyor cannot be started
};

class Conveyor {
 public:
  // Writer, reader (used by the journal's thread only), log, statistics and observers are dependencies, not owned; they outlive the conveyor. The
  // log becomes an observer without being listed.
  Conveyor(EngineSettings settings, store::JournalWriter& writer, const store::Reader& reader, flow::Log& log,
           EngineStatistics& statistics, std::vector<CommitObserver*> observers = {});
  ~Conveyor();

  // Start-up is recovery: loads the last checkpoint, replays the head events recorded after it, and leaves every station as it
  // was when the last commit was made. Call once, before start() or poll(). An error names the state that cannot be used.
  // `past`: for a stretch after the checkpoint that was recorded with other settings. `watch`: follows and ends a long replay.
  Result<RecoveryReport> recover(const LoadModel& load_model, const PastRuns& past = {}, const ReplayWatch& watch = {});

  // The ways in. Each is used by one thread; closing the feed's end drains and ends the conveyor.
  flow::Sender& feed();
  flow::Sender& control();   // the trainer's
  flow::Sender& requests();  // the server's: what a person requests

  // Sends a probe through every station (main thread); the journal counts its arrival in the statistics. One is under way at a time.
  void send_probe();

  // Threads as the layout says.
  void start();
  void join();
  // Any thread: no live feed waits for the journal (a stop was requested, or the source is a file), so from here on it gives up on a
  // disk that stays full instead of waiting for room.
  void may_give_up();
  // True when events were lost because they could not be written. Any thread.
  bool gave_up() const;
  // The reason; read it only where gave_up() is true.
  const std::string& given_up_for() const;

  // The same stages on the caller's thread: one round over all of them; false when none had anything to do.
  bool poll();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::engine
