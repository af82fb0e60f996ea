// Journal station: the end of the conveyor. Writes whole groups of events, one transaction a slice, then frees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/log.hpp"
#include "candled/flow/stage.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
#include "engine/feature_rebuild.hpp"
#include "engine/caretaker.hpp"
#include "engine/explainer.hpp"
#include "engine/tape_log.hpp"

namespace candled::engine {

class JournalStation : public flow::Stage {
 public:
  // Writer and reader are lent and outlive the station.
  JournalStation(const EngineSettings& settings, flow::Receiver in, store::JournalWriter& writer, const store::Reader& reader,
                 EngineStatistics& statistics, flow::Log& log);
  ~JournalStation() override;
  std::string_view name() const override { return "journal"; }
  flow::Progress poll() override;
  void attach(flow::Parker& parker) { in_.attach(parker); }
  // Recovery: frees what arrives without writing it (it is written already). True if anything had arrived.
  bool discard();
  // Recovery, at its end, and the end of a run: revises the candles that are noted as due.
  void settle();
  // Recovery, at its end: the model that predicts, for telling why.
  void explain_with(std::shared_ptr<const Predictor> predictor) { explainer_.resume(std::move(predictor)); }
  // Recovery, at its end: finds the markets whose rows are of another feature list; they are made anew while nothing else waits, as are
  // rows of candles that were revised.
  void find_other_lists();
  // Any thread: no live feed waits, so a refusal that lasts is given up on.
  void may_give_up() { may_give_up_.raise(); }
  // True when events could not be written (a full disk) and that was given up on: they are lost, and come again next time.
  // Also when the file is gone from its path. Any thread.
  bool gave_up() const { return gave_up_.raised(); }
  // Why; to be read where gave_up() is true.
  const std::string& given_up_for() const { return given_up_for_; }

 private:
  bool read_slice();
  void write_slice(std::size_t count);
  void after_commit(std::size_t count);
  void count_delay(const Event& committed);
  void revise_where_due(const Event& committed);
  void revise(const Market& market);
  Result<std::int64_t> guarded(const std::function<Result<std::int64_t>()>& work);
  void tell_revised(const Market& market, const Result<std::int64_t>& revised);
  void refused(const Error& error);
  bool take_care(bool pausing);
  void give_up(std::string why);
  bool rebuild_features();
  void find_revised_rows();

  const MarketTable& markets_;
  const KeepSettings keep_;
  flow::Receiver in_;
  store::JournalWriter& writer_;
  const store::Reader& reader_;
  EngineStatistics& statistics_;
  flow::Log& log_;
  TapeLog tape_log_;
  std::vector<FeatureRebuild> rebuilds_;    // made anew in idle moments; the last goes first
  Duration rebuild_told_;
  std::vector<std::uint8_t> revision_due_;  // by market: late trades or gap candles were committed, and no event behind them yet
  static constexpr std::size_t slice_events_max = 8192;
  std::vector<Event> slice_;
  Explainer explainer_;
  std::size_t explained_ = 0;  // events of the slice that were: a refused slice comes again
  int refusals_ = 0;  // in a row
  flow::Flag may_give_up_;
  flow::Flag gave_up_;
  std::string given_up_for_;  // written in front of the flag
  const std::string database_;
  Caretaker caretaker_;
};

}  // namespace candled::engine
