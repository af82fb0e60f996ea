// Journal station: the end of the conveyor. Reads a slice of whole groups of events, writes it in one transaction, hands on what it has
// committed, and gives idle time to the background tasks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/counter.hpp"
#include "candled/flow/log.hpp"
#include "candled/flow/stage.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/retention.hpp"
#include "engine/background_tasks.hpp"
#include "engine/explainer.hpp"
#include "engine/observer_stage.hpp"

namespace candled::engine {

class JournalStation : public flow::Stage {
 public:
  static constexpr std::size_t slice_events_max = 8192;

  // Where committed events go, and which of them anybody wants.
  struct Observed {
    flow::Sender out;
    EventKinds kinds;
  };
  // Writer and reader are not owned and outlive the station.
  JournalStation(const EngineSettings& settings, flow::Receiver in, Observed observed, store::JournalWriter& writer,
                 const store::Reader& reader, EngineStatistics& statistics, flow::Log& log);
  std::string_view name() const override { return "journal"; }
  flow::Progress poll() override;
  void attach(flow::Parker& parker) override { in_.attach(parker); }
  // Recovery: frees what arrives without writing it (it is written already). True if anything had arrived.
  bool discard();
  // Recovery, at its end: does what the last run owes, and takes the model that predicts, for telling why.
  void begin(std::shared_ptr<const Predictor> predictor);
  // Any thread: no live feed waits, so a refusal that lasts is given up on.
  void may_give_up() { may_give_up_.raise(); }
  // True when events could not be written (a full disk) and that was given up on: they are lost, and come again next time.
  // Also when the file is gone from its path, or cannot be used any more. Any thread.
  bool gave_up() const { return gave_up_.raised(); }
  // Why; to be read where gave_up() is true.
  const std::string& given_up_for() const { return given_up_for_; }

 private:
  bool read_slice();
  void write_slice(std::size_t count);
  void notify(std::size_t count);
  void count_delay(const Event& committed);
  flow::Progress done();
  flow::Progress poll_file();
  void refused(const Error& error, Duration started);
  bool file_is_gone();
  void give_up(std::string why);

  flow::Receiver in_;
  Observed observed_;
  store::JournalWriter& writer_;
  EngineStatistics& statistics_;
  flow::Log& log_;
  const std::string database_;
  store::Retention retention_;
  BackgroundTasks tasks_;
  std::vector<Event> slice_;
  // In front of the commit, so that a prediction is whole when it is shown, and no decision waits for it.
  Explainer explainer_;
  std::size_t explained_ = 0;              // events of the slice that were: a refused slice comes again
  std::optional<Duration> refused_since_;  // monotonic: the first of the writes that failed in a row began
  Duration told_refused_;
  Duration looked_at_;  // monotonic: whether the file is there
  flow::Flag may_give_up_;
  flow::Flag gave_up_;
  std::string given_up_for_;  // written in front of the flag
};

}  // namespace candled::engine
