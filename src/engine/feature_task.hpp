// FeatureTask: feature rows of another list, or of candles that were revised, rebuilt while nothing else waits.
#pragma once

#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/engine/settings.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
#include "engine/background_task.hpp"
#include "engine/feature_rebuild.hpp"

namespace candled::engine {

class FeatureTask : public BackgroundTask {
 public:
  // All are not owned; the reader belongs to the journal's thread.
  FeatureTask(const EngineSettings& settings, const store::Reader& reader, store::JournalWriter& writer, flow::Log& log)
      : settings_(settings), reader_(reader), writer_(writer), log_(log) {}
  std::string_view name() const override { return "rebuild feature rows"; }
  // Finds the markets whose rows are of another list.
  void begin() override;
  bool step(Moment moment) override;

 private:
  void find_revised();
  Timestamp kept(const Market& market) const;

  const EngineSettings& settings_;
  const store::Reader& reader_;
  store::JournalWriter& writer_;
  flow::Log& log_;
  std::vector<FeatureRebuild> rebuilds_;  // the last goes first
  Duration told_;                         // monotonic; zero: not of this rebuild
};

}  // namespace candled::engine
