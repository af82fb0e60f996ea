// verify: replays what a live run recorded through the same stations, and compares everything that comes of it with what the run
// stored, bit for bit.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "candled/engine/load_model.hpp"
#include "candled/engine/settings.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/recording.hpp"

namespace candled::engine {

struct FactCount {
  std::int64_t compared = 0;
  std::int64_t missing = 0;  // recorded by a head event, and not made by the replay
};

struct VerifyReport {
  std::int64_t head_events = 0, runs = 0, takeovers = 0;
  FactCount candles, features, predictions, fills, equity_points;
  // Not comparable with what the live run made, because something later made them anew from the stored trades:
  std::int64_t revised_candles = 0;   // compared with those trades instead
  std::int64_t rebuilt_features = 0;  // `candled check features` compares them
  std::int64_t differences = 0;
  std::string first_difference;  // one line; empty: none

  std::int64_t compared() const {
    return candles.compared + features.compared + predictions.compared + fills.compared + equity_points.compared + revised_candles;
  }
  bool good() const { return differences == 0; }
};

struct VerifyRequest {
  // The settings of a recorded run, from the text that it stored.
  std::function<Result<EngineSettings>(const std::string& config)> settings_of;
  // For a record without runs, as an older candled left it.
  EngineSettings settings;
  LoadModel load_model;
  std::function<void(std::int64_t sequence)> progress;  // called now and then
  std::function<bool()> stop;                           // asked now and then: true ends it with an error
};

// Refuses: a run whose settings cannot be read, a model that cannot be loaded, a record that pruning has cut. Throws StoreError.
Result<VerifyReport> verify(store::Recording& recording, const store::Reader& reader, const VerifyRequest& request, flow::Log& log);

}  // namespace candled::engine
