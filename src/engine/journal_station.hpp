// Journal station: the end of the conveyor. Writes whole groups of events, one transaction a slice, then frees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "candled/candles/aggregate.hpp"
#include "candled/domain/result.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/log.hpp"
#include "candled/flow/stage.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
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
  // Recovery, at its end: revises the candles of late trades that a crash may have come in front of.
  void settle();
  // True when the end came while events could not be written (a full disk): they are lost, and fetched again next time.
  bool gave_up() const { return gave_up_; }

 private:
  bool read_slice();
  void write_slice(std::size_t count);
  void after_commit(std::size_t count);
  void note_late(const Event& event);
  void revise_where_due(const Event& committed);
  void revise_late(const Market& market);
  void tell_revised(const Market& market, const Result<std::int64_t>& revised);
  void refused(const Error& error);

  const MarketTable& markets_;
  flow::Receiver in_;
  store::JournalWriter& writer_;
  const store::Reader& reader_;
  EngineStatistics& statistics_;
  flow::Log& log_;
  TapeLog tape_log_;
  // By market: the times of committed late trades whose candles are not revised yet. That waits for the first event behind them,
  // so that a repair of many trades makes one revision.
  std::vector<std::optional<candles::TimeRange>> late_;
  static constexpr std::size_t slice_events_usual = 8192;
  std::vector<Event> slice_;
  std::size_t slice_events_max_ = slice_events_usual;
  int refusals_ = 0;  // in a row
  bool gave_up_ = false;
};

}  // namespace candled::engine
